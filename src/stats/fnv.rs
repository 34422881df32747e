//! FNV-1a (Fowler, Noll & Vo), 64 bits: small, stable for all time, and the same on every machine.

/// A hash in the making.
pub(crate) struct Fnv(u64);

impl Fnv {
    pub(crate) const fn new() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }

    pub(crate) fn add(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.step(u64::from(byte));
        }
    }

    /// FNV's own step for eight bytes at once; it is one to one in what it takes in.
    pub(crate) fn step(&mut self, word: u64) {
        self.0 = (self.0 ^ word).wrapping_mul(0x0000_0100_0000_01b3);
    }

    /// The product of a step carries upwards only: folds down what sits in the upper half.
    pub(crate) fn fold(&mut self) {
        self.0 ^= self.0 >> 32;
    }

    pub(crate) fn value(&self) -> u64 {
        self.0
    }

    pub(crate) fn show(&self) -> String {
        format!("{:016x}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_those_of_the_definition() {
        let mut hash = Fnv::new();
        assert_eq!(hash.show(), "cbf29ce484222325");
        hash.add(b"foobar");
        assert_eq!((hash.show().as_str(), hash.value()), ("85944171f73967e8", 0x8594_4171_f739_67e8));
    }
}
