//! Which type each body has, by the place of its schema: for those who have a payload and the place
//! that it is documented at, but no operation to call.

use crate::model::{Operation, TypeRef};
use crate::spec::{self, Content};

/// The types of an operation's request and responses, each by the pointer of its schema.
pub(super) fn types_at<'o>(
    lowered: &'o Operation,
    stated: &'o spec::Operation,
) -> impl Iterator<Item = (String, TypeRef)> + 'o {
    let request = stated
        .request
        .as_ref()
        .and_then(|request| request.preferred())
        .zip(lowered.request.as_ref().and_then(|body| body.kind.ty()));
    // Lowering keeps the order of the responses.
    let responses = stated.responses.iter().zip(&lowered.responses);
    let responses = responses.filter_map(|(response, (_, ty))| response.json().zip(ty.as_ref()));
    let at = |(content, ty): (&Content, &TypeRef)| Some((content.schema.clone()?, ty.clone()));
    request.into_iter().chain(responses).filter_map(at)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use crate::model::TypeRef;
    use crate::{Document, Spec, lower};

    #[test]
    fn a_body_is_found_at_its_schema_and_a_component_at_its_own() {
        let text = "\
openapi: 3.0.3
info: {title: T, version: '1'}
paths:
  /pets:
    post:
      operationId: addPet
      requestBody:
        required: true
        content: {application/json: {schema: {type: array, items: {$ref: '#/components/schemas/Pet'}}}}
      responses:
        '200': {description: none}
        '400': {$ref: '#/components/responses/Refused'}
components:
  responses:
    Refused:
      description: refused
      content: {application/json: {schema: {title: refusal, type: object, properties: {why: {type: string}}}}}
  schemas:
    Pet: {type: object, properties: {name: {type: string}}}
";
        let spec = Spec::read(Document::parse("pets.yaml", text).unwrap()).unwrap();
        let named = |name: &str| TypeRef::Named(name.to_owned());
        let pets = TypeRef::Array(Box::new(named("Pet")));
        let expected = [
            ("/components/responses/Refused/content/application~1json/schema", named("Refusal")),
            ("/components/schemas/Pet", named("Pet")),
            ("/paths/~1pets/post/requestBody/content/application~1json/schema", pets),
        ];
        let type_at = lower::lower(&spec).model.type_at;
        assert_eq!(type_at.into_iter().collect::<Vec<_>>(), expected.map(|(at, ty)| (at.to_owned(), ty)));
    }
}
