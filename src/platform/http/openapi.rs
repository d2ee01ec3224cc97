//! What every operation has in common, added to the generated document once: problems, headers, rights.

use utoipa::openapi::extensions::ExtensionsBuilder;
use utoipa::openapi::header::Header;
use utoipa::openapi::path::{Operation, Parameter, ParameterBuilder, ParameterIn};
use utoipa::openapi::schema::{ObjectBuilder, Type};
use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityRequirement, SecurityScheme};
use utoipa::openapi::{ContentBuilder, OpenApi, PathItem, Ref, RefOr, Required, ResponseBuilder};

use crate::kernel::error::Code;
use crate::kernel::page::MAX_LIMIT;

/// The right that a route asks for, by method and path template; `None` for public ones.
pub type RightOf<'a> = &'a dyn Fn(&str, &str) -> Option<&'static str>;

/// Completes the document: security scheme, `x-permission`, common parameters and every error code.
pub fn complete(document: &mut OpenApi, right_of: RightOf<'_>) {
    let components = document.components.get_or_insert_default();
    let bearer = SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer));
    components.security_schemes.insert("bearer".into(), bearer.into());
    for (path, item) in &mut document.paths.paths {
        for (method, operation) in operations(item) {
            complete_one(method, path, operation, right_of(method, path));
        }
    }
}

/// The operations of a path, with their methods in capitals.
pub fn operations(item: &mut PathItem) -> Vec<(&'static str, &mut Operation)> {
    let all = [
        ("GET", &mut item.get),
        ("POST", &mut item.post),
        ("PUT", &mut item.put),
        ("PATCH", &mut item.patch),
        ("DELETE", &mut item.delete),
    ];
    all.into_iter().filter_map(|(method, operation)| operation.as_mut().map(|op| (method, op))).collect()
}

fn complete_one(method: &str, path: &str, operation: &mut Operation, right: Option<&'static str>) {
    // Handlers of several slices are called `list` or `create`; with the slice's tag the names are unique.
    let tag = operation.tags.iter().flatten().next().cloned().unwrap_or_default().replace(['-', ' '], "_");
    operation.operation_id = operation.operation_id.as_ref().map(|name| format!("{tag}_{name}"));
    let mut codes = vec![Code::BadRequest, Code::TooManyRequests, Code::Unavailable];
    if let Some(right) = right {
        let right_note = ExtensionsBuilder::new().add("x-permission", right).build();
        operation.extensions.get_or_insert_default().merge(right_note);
        operation.security = Some(vec![SecurityRequirement::new::<_, [&str; 0], &str>("bearer", [])]);
        codes.extend([Code::Unauthenticated, Code::NotPermitted]);
    } else {
        operation.security = Some(vec![]);
    }
    // Links and things of one's own that are not there.
    codes.extend([Code::Unauthenticated, Code::NotFound]);
    codes.push(Code::Invalid);
    match (method, operation.request_body.is_some()) {
        // A path with an ending has one format; others are asked by `Accept`.
        ("GET", _) if path.rsplit('/').next().is_some_and(|last| last.contains('.')) => {}
        ("GET", _) => codes.push(Code::NotAcceptable),
        (_, true) => codes.extend([Code::Conflict, Code::BodyTooLarge, Code::UnsupportedMediaType]),
        // With an Idempotency-Key a body is read although none is wanted.
        ("POST", false) => codes.extend([Code::Conflict, Code::BodyTooLarge]),
        (_, false) => codes.push(Code::Conflict),
    }
    add_common(operation, method, path);
    codes.extend(add_conditions(operation, method, path));
    for code in codes {
        problem(operation, code);
    }
}

/// Parameters that many operations share: language, and of lists the page.
fn add_common(operation: &mut Operation, method: &str, path: &str) {
    // What is no language of ours is not an error of form: no pattern.
    let about = "Languages of texts in the reply, for example `fr, en;q=0.5`.";
    let reads_language = header("Accept-Language", about);
    add(operation, reads_language);
    add(operation, choice("lang", &["all"], "Texts in all their languages instead of one."));
    if path.ends_with(".csv") {
        add(operation, choice("excel", &["0", "1"], "1 adds a byte order mark, for Excel."));
    }
    if method == "GET" && is_list(operation) {
        add(operation, number("limit", 1, MAX_LIMIT, "Rows on a page; 50 when not said."));
        let about = "`next` of the page before, with the same filters and sort.";
        add(operation, query("cursor", about, text(1000)));
        add(operation, choice("count", &["exact"], "Adds the `total`."));
    }
}

/// Headers that make a change safe to repeat, and the codes that come with them.
fn add_conditions(operation: &mut Operation, method: &str, path: &str) -> Vec<Code> {
    let mut codes = Vec::new();
    if method == "POST" && takes(operation, "If-Match") {
        codes.push(Code::StaleVersion);
    }
    match method {
        "POST" if !answers_anew(path) => add(
            operation,
            text_parameter(
                "Idempotency-Key",
                ParameterIn::Header,
                false,
                "A retry with the same key and body within 24 h gets the first answer again.",
                255,
            ),
        ),
        "PATCH" | "PUT" | "DELETE" if !operation.tags.iter().flatten().any(|tag| tag == "me") => {
            codes.extend([Code::StaleVersion, Code::PreconditionNeeded]);
            let mut version =
                header("If-Match", "The ETag last read; 428 without, 412 when it is not the latest.");
            version.required = Required::True;
            add(operation, version);
        }
        // One's own account: the version is looked at when it is sent.
        "PATCH" if takes(operation, "If-Match") => codes.push(Code::StaleVersion),
        _ => {}
    }
    codes
}

/// Logins, what is done with a single-use link, and what people without accounts do: their answers are never kept.
fn answers_anew(path: &str) -> bool {
    ["/api/v1/auth/", "/api/v1/passes/", "/api/v1/registrations/open"]
        .iter()
        .any(|door| path.starts_with(door))
}

fn takes(operation: &Operation, name: &str) -> bool {
    let mut parameters = operation.parameters.iter().flatten();
    parameters.any(|parameter| matches!(parameter, RefOr::T(parameter) if parameter.name == name))
}

/// A reply that is a page of a list.
fn is_list(operation: &Operation) -> bool {
    let Some(RefOr::T(response)) = operation.responses.responses.get("200") else { return false };
    let Some(RefOr::T(content)) = response.content.get("application/json") else { return false };
    matches!(&content.schema, Some(RefOr::Ref(to)) if to.ref_location.contains("/Items"))
}

fn header(name: &str, about: &str) -> Parameter {
    let builder =
        ParameterBuilder::new().name(name).parameter_in(ParameterIn::Header).required(Required::False);
    builder.description(Some(about)).schema(Some(ObjectBuilder::new().schema_type(Type::String))).build()
}

fn query(name: &str, about: &str, schema: ObjectBuilder) -> Parameter {
    let builder =
        ParameterBuilder::new().name(name).parameter_in(ParameterIn::Query).required(Required::False);
    builder.description(Some(about)).schema(Some(schema)).build()
}

fn text(max: usize) -> ObjectBuilder {
    ObjectBuilder::new().schema_type(Type::String).min_length(Some(1)).max_length(Some(max))
}

fn choice(name: &str, values: &[&str], about: &str) -> Parameter {
    query(
        name,
        about,
        ObjectBuilder::new().schema_type(Type::String).enum_values(Some(values.iter().copied())),
    )
}

fn number(name: &str, least: i64, most: i64, about: &str) -> Parameter {
    let schema = ObjectBuilder::new().schema_type(Type::Integer);
    query(name, about, schema.minimum(Some(least as f64)).maximum(Some(most as f64)))
}

fn add(operation: &mut Operation, parameter: Parameter) {
    let parameters = operation.parameters.get_or_insert_default();
    if !parameters.iter().any(
        |p| matches!(p, RefOr::T(p) if p.name == parameter.name && p.parameter_in == parameter.parameter_in),
    ) {
        parameters.push(RefOr::T(parameter));
    }
}

fn text_parameter(name: &str, place: ParameterIn, required: bool, about: &str, max: usize) -> Parameter {
    ParameterBuilder::new()
        .name(name)
        .parameter_in(place)
        .required(if required { Required::True } else { Required::False })
        .description(Some(about))
        .schema(Some(
            ObjectBuilder::new()
                .schema_type(Type::String)
                .max_length(Some(max))
                .min_length(Some(1))
                .pattern(Some("^[!-~]+$")),
        ))
        .build()
}

/// Adds the problem of a code to the operation; several codes may share a status.
fn problem(operation: &mut Operation, code: Code) {
    let status = code.status().to_string();
    if operation.responses.responses.contains_key(&status) {
        return;
    }
    let content = ContentBuilder::new().schema(Some(Ref::from_schema_name("Problem"))).build();
    let mut response =
        ResponseBuilder::new().description(code.title()).content("application/problem+json", content);
    if matches!(code.status(), 429 | 503) {
        let seconds = ObjectBuilder::new().schema_type(Type::Integer);
        response = response.header("Retry-After", Header::new(seconds));
    }
    operation.responses.responses.insert(status, RefOr::T(response.build()));
}
