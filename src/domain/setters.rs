//! Setting what a request may say.

/// Declares methods that set a member that is absent otherwise: `member: Type`, or `member: into Type` for what is given in
/// several forms; `name sets member: ..` where the method has another name.
macro_rules! setters {
    ($($type:ident { $($(#[$doc:meta])* $name:ident $(sets $member:ident)?: $first:ident $($second:ident)?),* $(,)? })*) => {$(
        impl $type {
            $($crate::domain::setters::setter! { $(#[$doc])* $name $(sets $member)?: $first $($second)? })*
        }
    )*};
}

/// Writes one of them.
macro_rules! setter {
    ($(#[$doc:meta])* $name:ident: $($value:tt)+) => {
        $crate::domain::setters::setter! { $(#[$doc])* $name sets $name: $($value)+ }
    };
    ($(#[$doc:meta])* $name:ident sets $member:ident: into $value:ident) => {
        $(#[$doc])*
        #[must_use]
        pub fn $name(mut self, value: impl Into<$value>) -> Self {
            self.$member = Some(value.into());
            self
        }
    };
    ($(#[$doc:meta])* $name:ident sets $member:ident: $value:ident) => {
        $(#[$doc])*
        #[must_use]
        pub fn $name(mut self, value: $value) -> Self {
            self.$member = Some(value);
            self
        }
    };
}

pub(super) use {setter, setters};
