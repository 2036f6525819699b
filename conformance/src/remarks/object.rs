//! Members: those that travel the wrong way, and those that nobody named.

use super::Remarks;
use crate::checks::{self, Rule};
use crate::graph::{Applied, Instance, Node};
use crate::readonly;
use crate::schema::Direction;
use crate::violation::{UNDECLARED, Violation, is_telling};

impl Remarks<'_> {
    pub(super) fn wrong_way(&mut self, property: &Node, instance: &Instance<'_>) {
        if !property.is_foreign {
            return;
        }
        let flag = readonly::foreign(self.direction);
        let way = match self.direction {
            Direction::Request => "responses",
            Direction::Response => "requests",
        };
        let message = format!("the property is `{flag}`: it belongs into {way} only");
        self.remark_at(checks::RT032, flag, property.pointer.clone(), instance, message);
    }

    /// A member that no schema of its object has a place for. An object of which nothing is named may have any member: its author meant it. A
    /// member that is asked for is known, too.
    pub(super) fn undeclared(&mut self, applied: &Applied<'_>, name: &str, instance: &Instance<'_>) {
        let naming = applied.schemas.iter().find(|schema| schema.names_members()).filter(|_| !applied.is_unclear);
        let is_required = || applied.schemas.iter().any(|schema| schema.required.iter().any(|known| known == name));
        let Some(naming) = naming.filter(|_| !is_required()) else { return };
        let (shown, place) = if is_telling(name) {
            (format!("`{name}`"), instance.pointer())
        } else {
            ("…".to_owned(), instance.above().pointer())
        };
        let violation = Violation {
            keyword: UNDECLARED.to_owned(),
            instance_path: place,
            schema_pointer: naming.pointer.clone(),
            message: format!("the property {shown} is not documented"),
        };
        self.remark(Rule::part(checks::RT033, "property"), violation);
    }
}
