
"use strict";
const all = (selector, within) => Array.from((within || document).querySelectorAll(selector));
const form = document.getElementById("filter"), text = document.getElementById("text"), provider = document.getElementById("provider");
function filter() {
  const words = text.value.toLowerCase().split(/\s+/).filter(Boolean);
  const severities = all(".severity").filter(box => box.checked).map(box => box.value);
  const whole = !words.length && severities.length === 3;
  let shown = 0;
  for (const section of all("section")) {
    const own = !provider.value || section.dataset.provider === provider.value;
    let any = false;
    for (const group of all(".group", section)) {
      const heading = group.querySelector("h3").textContent;
      let found = 0;
      for (const finding of all(".finding", group)) {
        const content = (heading + " " + finding.textContent).toLowerCase();
        finding.hidden = !severities.includes(finding.dataset.severity) || !words.every(word => content.includes(word));
        if (!finding.hidden) found++;
      }
      group.hidden = !found;
      group.querySelector("small").textContent = found;
      any = any || found > 0;
    }
    section.hidden = !own || !(any || whole);
    if (!section.hidden) shown++;
  }
  document.getElementById("none").hidden = shown > 0;
}
form.hidden = false;
form.addEventListener("input", filter);
form.addEventListener("submit", event => event.preventDefault());
