//! Lists, and tuples as lists.

use serde_json::Value;

use super::schema::{Shape, Types};
use super::usage::Usage;
use crate::model::TypeRef;
use crate::note;
use crate::schema::{is_sensitive, listed};
use crate::subject::subject;

impl Types<'_> {
    pub(super) fn array(&mut self, pointer: &str, schema: &Value, name: &str, usage: Usage) -> Shape {
        self.constraints(pointer, schema, usage, &["minItems", "maxItems", "uniqueItems"]);
        if schema.get("items").is_none() && schema.get("prefixItems").is_none() {
            let message = format!("nothing says what the items of {} are: they are any JSON", subject(pointer));
            self.note(note::UNTYPED_SCHEMA, pointer, message);
        }
        let item = match schema.get("items") {
            _ if schema.get("prefixItems").is_some() => self.tuple_item(pointer, schema, name, usage),
            Some(Value::Object(_)) => self.item(pointer, schema, name, usage),
            _ => TypeRef::Json,
        };
        Shape::Plain(TypeRef::Array(Box::new(item)))
    }

    fn item(&mut self, pointer: &str, schema: &Value, name: &str, usage: Usage) -> TypeRef {
        let mut item = self.use_of(&format!("{pointer}/items"), &format!("{name}Item"), usage);
        if item.ty == TypeRef::String && is_sensitive(self.document, pointer, schema) {
            item.ty = TypeRef::Sensitive;
        }
        item.held()
    }

    /// A tuple is a list of what all its places have in common, or of any JSON.
    fn tuple_item(&mut self, pointer: &str, schema: &Value, name: &str, usage: Usage) -> TypeRef {
        self.note(note::TUPLE_AS_LIST, pointer, "the tuple is a list, whatever its length".to_owned());
        let mut places = listed(pointer, schema, "prefixItems");
        match schema.get("items") {
            Some(Value::Object(_)) => places.push(format!("{pointer}/items")),
            Some(Value::Bool(false)) => {}
            _ => return TypeRef::Json,
        }
        let items: Vec<TypeRef> =
            places.iter().map(|at| self.use_of(at, &format!("{name}Item"), usage).held()).collect();
        match items.split_first() {
            Some((first, rest)) if rest.iter().all(|item| item == first) => first.clone(),
            _ => TypeRef::Json,
        }
    }
}
