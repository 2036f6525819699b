//! Where a client is wider than its schemas on purpose.

/// Which way a payload travels, seen from the program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// The program sends it.
    Sent,
    /// The provider sends it: an answer or a webhook.
    Received,
}

impl Way {
    /// The word for it in reports.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Sent => "sent",
            Self::Received => "received",
        }
    }
}

/// Keywords that a client does not enforce, and why not.
#[derive(Clone, Copy, Debug)]
pub struct Liberty {
    /// Which way the payload travels.
    pub way: Way,
    /// The keywords; `null` is the null that a `type` refuses.
    pub keywords: &'static [&'static str],
    /// Why.
    pub reason: &'static str,
}

impl Liberty {
    /// What allows a client to take a payload that breaks a keyword.
    #[must_use]
    pub fn find(way: Way, keyword: &str) -> Option<&'static Self> {
        WIDER_BY_DESIGN.iter().find(|liberty| liberty.way == way && liberty.keywords.contains(&keyword))
    }
}

/// All of them. What stands here is counted in reports; what does not is a finding (`CL004`).
pub const WIDER_BY_DESIGN: &[Liberty] = &[
    Liberty {
        way: Way::Received,
        keywords: &[
            "minLength",
            "maxLength",
            "pattern",
            "format",
            "minimum",
            "maximum",
            "exclusiveMinimum",
            "exclusiveMaximum",
            "multipleOf",
            "minItems",
            "maxItems",
            "uniqueItems",
            "minProperties",
            "maxProperties",
            "propertyNames",
            "additionalProperties",
            "unevaluatedProperties",
        ],
        reason: "a payment that was made must not be lost to a name that is one character too long: conformance judges \
                 answers, programs read them",
    },
    Liberty {
        way: Way::Received,
        keywords: &["enum", "const", "oneOf", "anyOf", "not"],
        reason: "providers add values and alternatives without notice; they are kept in a catch-all",
    },
    Liberty {
        way: Way::Received,
        keywords: &["null"],
        reason: "servers write null for what is absent; of an optional member it is read as absent",
    },
    Liberty {
        way: Way::Sent,
        keywords: &["enum"],
        reason: "a program may need a value that the provider has added since",
    },
    Liberty {
        way: Way::Sent,
        keywords: &["format"],
        reason: "an id goes back as the provider gave it, though it is no UUID. Texts of a format that a program writes itself \
                 are checked where they are made",
    },
];
