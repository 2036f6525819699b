//! Tags that name another schema than the value fits.

use serde_json::Value;

use super::Remarks;
use crate::checks;
use crate::graph::{Instance, Node};

impl Remarks<'_> {
    /// Compares the tag of an object with the schema that it names.
    pub(super) fn discriminator(&mut self, schema: &Node, value: &Value, instance: &Instance<'_>) {
        let Some(discriminator) = &schema.discriminator else { return };
        let property = &discriminator.property;
        let problem = match value.get(property) {
            None => format!("the property `{property}`, which tells the alternatives apart, is missing"),
            Some(Value::String(tag)) => match discriminator.targets.get(tag) {
                None => format!("the value of `{property}` names none of the alternatives"),
                Some(named) if self.graph.node(*named).fits(self.validators, self.direction, value) => return,
                Some(_) => format!("the value does not fit the schema that its `{property}` names"),
            },
            Some(_) => format!("the value of `{property}`, which tells the alternatives apart, is not text"),
        };
        let place = format!("{}/discriminator", schema.pointer);
        self.remark_at(checks::RT031, "discriminator", place, &instance.member(property), problem);
    }
}
