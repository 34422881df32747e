//! Ids that cannot be mixed up: a construct is never an item.

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(usize);

        impl $name {
            /// The id at this position.
            pub fn new(index: usize) -> Self {
                Self(index)
            }

            /// Its position.
            pub fn index(self) -> usize {
                self.0
            }
        }
    };
}

id!(
    /// A construct of one model.
    ConstructId
);
id!(
    /// An item of one model.
    IndicatorId
);
id!(
    /// A path of one model.
    PathId
);
