//! One bit per subject: who has a value, who is held, which gate failed.

/// A fixed number of bits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bitmap {
    words: Vec<u64>,
    len: usize,
}

const WORD: usize = u64::BITS as usize;

impl Bitmap {
    /// `len` bits of that value.
    pub fn new(len: usize, value: bool) -> Bitmap {
        let mut words = vec![if value { u64::MAX } else { 0 }; len.div_ceil(WORD)];
        if value
            && !len.is_multiple_of(WORD)
            && let Some(last) = words.last_mut()
        {
            *last = (1 << (len % WORD)) - 1;
        }
        Bitmap { words, len }
    }

    /// One bit per row, a word at a time.
    pub(crate) fn from_rows(len: usize, mut value: impl FnMut(usize) -> bool) -> Bitmap {
        let words = (0..len.div_ceil(WORD)).map(|word| {
            let rows = word * WORD..len.min((word + 1) * WORD);
            rows.fold(0, |bits, row| bits | u64::from(value(row)) << (row % WORD))
        });
        Bitmap {
            words: words.collect(),
            len,
        }
    }

    /// How many bits there are.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there are no bits.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The bit at `index`; `false` beyond the end.
    pub fn get(&self, index: usize) -> bool {
        let word = self.words.get(index / WORD).copied().unwrap_or(0);
        word >> (index % WORD) & 1 == 1
    }

    /// Sets the bit at `index`, which must be below [`Bitmap::len`].
    pub fn set(&mut self, index: usize, value: bool) {
        assert!(index < self.len, "bit {index} of {}", self.len);
        let bit = 1 << (index % WORD);
        if value {
            self.words[index / WORD] |= bit;
        } else {
            self.words[index / WORD] &= !bit;
        }
    }

    /// One bit more.
    pub fn push(&mut self, value: bool) {
        if self.len.is_multiple_of(WORD) {
            self.words.push(0);
        }
        self.len += 1;
        if value {
            self.set(self.len - 1, true);
        }
    }

    /// Keeps the bits that are set in `other` too; both have the same length.
    pub(crate) fn keep(&mut self, other: &Bitmap) {
        assert_eq!(self.len, other.len, "bitmaps of the same subjects");
        for (word, other) in self.words.iter_mut().zip(&other.words) {
            *word &= other;
        }
    }

    /// Clears the bits that are set in `other`; both have the same length.
    pub(crate) fn clear(&mut self, other: &Bitmap) {
        assert_eq!(self.len, other.len, "bitmaps of the same subjects");
        for (word, other) in self.words.iter_mut().zip(&other.words) {
            *word &= !other;
        }
    }

    /// Positions of the bits that are not set.
    pub(crate) fn unset(&self) -> impl Iterator<Item = usize> + '_ {
        let words = self.words.iter().map(|word| !word);
        positions(words).take_while(|&position| position < self.len)
    }

    /// Positions of the bits that are set.
    pub(crate) fn set_positions(&self) -> impl Iterator<Item = usize> + '_ {
        positions(self.words.iter().copied())
    }

    /// How many bits are set.
    pub fn count(&self) -> usize {
        self.words
            .iter()
            .map(|word| word.count_ones() as usize)
            .sum()
    }

    /// Whether all bits are set.
    pub fn all(&self) -> bool {
        self.count() == self.len
    }

    /// Whether no bit is set.
    pub fn none(&self) -> bool {
        self.words.iter().all(|&word| word == 0)
    }

    /// The bits as words, the first bit lowest; the bits beyond the end are 0.
    pub fn words(&self) -> &[u64] {
        &self.words
    }
}

/// Positions of the bits that are set in a row of words.
fn positions(words: impl Iterator<Item = u64>) -> impl Iterator<Item = usize> {
    words.enumerate().flat_map(|(position, mut bits)| {
        std::iter::from_fn(move || {
            let bit = bits.trailing_zeros() as usize;
            (bit < WORD).then(|| {
                bits &= bits - 1;
                position * WORD + bit
            })
        })
    })
}

#[cfg(test)]
mod tests {
    use super::Bitmap;

    #[test]
    fn counts_only_its_own_bits() {
        for len in [0, 1, 63, 64, 65, 200] {
            assert_eq!(Bitmap::new(len, true).count(), len);
            assert!(Bitmap::new(len, true).all());
            assert!(Bitmap::new(len, false).none());
        }
        let mut bitmap = Bitmap::new(0, false);
        for index in 0..130 {
            bitmap.push(index % 3 == 0);
        }
        let set: Vec<usize> = (0..130).filter(|&index| bitmap.get(index)).collect();
        assert_eq!(set, (0..130).step_by(3).collect::<Vec<_>>());
        assert_eq!(bitmap.set_positions().collect::<Vec<_>>(), set);
        let unset: Vec<usize> = bitmap.unset().collect();
        assert_eq!(
            unset,
            (0..130).filter(|index| index % 3 != 0).collect::<Vec<_>>()
        );
        assert_eq!(Bitmap::new(64, true).unset().count(), 0);
        assert_eq!(Bitmap::new(0, true).unset().count(), 0);
        bitmap.set(3, false);
        assert_eq!(bitmap.count(), set.len() - 1);
        assert!(!bitmap.get(1000));
    }
}
