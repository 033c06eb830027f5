//! The types of numbers that arrays in files are made of, and their bytes as `f64`.

/// A type of numbers, with its order of bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kind {
    /// What the numbers are.
    pub number: Number,
    /// Whether the highest byte comes first.
    pub big: bool,
}

/// What the numbers are, whatever the order of their bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Number {
    /// One byte, 0 or another number.
    Bool,
    /// Unsigned, one byte.
    U8,
    /// Signed, one byte.
    I8,
    /// Unsigned, two bytes.
    U16,
    /// Signed, two bytes.
    I16,
    /// Unsigned, four bytes.
    U32,
    /// Signed, four bytes.
    I32,
    /// Unsigned, eight bytes.
    U64,
    /// Signed, eight bytes.
    I64,
    /// IEEE 754, two bytes.
    F16,
    /// IEEE 754, four bytes.
    F32,
    /// IEEE 754, eight bytes.
    F64,
}

/// Writes the numbers of a type to `out`, from chunks of bytes as long as one of them.
macro_rules! decode {
    ($bytes:expr, $out:expr, $big:expr, $type:ty, $number:expr) => {{
        let size = size_of::<$type>();
        let chunks = $bytes.chunks_exact(size).zip($out);
        if $big {
            for (chunk, out) in chunks {
                let chunk = chunk.try_into().expect("chunks are as long as a number");
                *out = $number(<$type>::from_be_bytes(chunk));
            }
        } else {
            for (chunk, out) in chunks {
                let chunk = chunk.try_into().expect("chunks are as long as a number");
                *out = $number(<$type>::from_le_bytes(chunk));
            }
        }
    }};
}

impl Number {
    /// What NumPy calls it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Bool => "bool",
            Self::U8 => "uint8",
            Self::I8 => "int8",
            Self::U16 => "uint16",
            Self::I16 => "int16",
            Self::U32 => "uint32",
            Self::I32 => "int32",
            Self::U64 => "uint64",
            Self::I64 => "int64",
            Self::F16 => "float16",
            Self::F32 => "float32",
            Self::F64 => "float64",
        }
    }
}

impl Kind {
    /// The bytes of one number.
    pub fn size(self) -> usize {
        match self.number {
            Number::Bool | Number::U8 | Number::I8 => 1,
            Number::U16 | Number::I16 | Number::F16 => 2,
            Number::U32 | Number::I32 | Number::F32 => 4,
            Number::U64 | Number::I64 | Number::F64 => 8,
        }
    }

    /// Whether all numbers of this type are integers.
    pub fn is_integer(self) -> bool {
        !matches!(self.number, Number::F16 | Number::F32 | Number::F64)
    }

    /// The numbers that `bytes` hold, as many as `out` has room for. Integers beyond 2^53 are
    /// rounded.
    pub fn decode(self, bytes: &[u8], out: &mut [f64]) {
        let big = self.big;
        match self.number {
            Number::Bool => decode!(bytes, out, big, u8, |x| f64::from(u8::from(x != 0))),
            Number::U8 => decode!(bytes, out, big, u8, f64::from),
            Number::I8 => decode!(bytes, out, big, i8, f64::from),
            Number::U16 => decode!(bytes, out, big, u16, f64::from),
            Number::I16 => decode!(bytes, out, big, i16, f64::from),
            Number::U32 => decode!(bytes, out, big, u32, f64::from),
            Number::I32 => decode!(bytes, out, big, i32, f64::from),
            Number::U64 => decode!(bytes, out, big, u64, |x| x as f64),
            Number::I64 => decode!(bytes, out, big, i64, |x| x as f64),
            Number::F16 => decode!(bytes, out, big, u16, half),
            Number::F32 => decode!(bytes, out, big, f32, f64::from),
            Number::F64 => decode!(bytes, out, big, f64, |x| x),
        }
    }
}

/// The number in half precision that these bits are: a sign, 5 bits of exponent, 10 of fraction.
fn half(bits: u16) -> f64 {
    let fraction = f64::from(bits & 0x3ff) / 1024.0;
    let size = match (bits >> 10) & 0x1f {
        0 => fraction * 2_f64.powi(-14),
        0x1f if fraction > 0.0 => f64::NAN,
        0x1f => f64::INFINITY,
        exponent => (1.0 + fraction) * 2_f64.powi(i32::from(exponent) - 15),
    };
    if bits >> 15 == 1 { -size } else { size }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_orders_of_bytes_are_read() {
        let read = |number, big, bytes: &[u8]| {
            let mut out = [0.0; 2];
            Kind { number, big }.decode(bytes, &mut out);
            out
        };
        assert_eq!(read(Number::Bool, false, &[0, 7]), [0.0, 1.0]);
        assert_eq!(read(Number::I8, false, &[255, 3]), [-1.0, 3.0]);
        assert_eq!(read(Number::U16, true, &[1, 2, 0, 3]), [258.0, 3.0]);
        assert_eq!(read(Number::U16, false, &[1, 2, 0, 3]), [513.0, 768.0]);
        let long: Vec<u8> = [-5_i64, 1 << 40]
            .iter()
            .flat_map(|x| x.to_be_bytes())
            .collect();
        assert_eq!(read(Number::I64, true, &long), [-5.0, 1_099_511_627_776.0]);
        let single: Vec<u8> = [0.1_f32, -2.5]
            .iter()
            .flat_map(|x| x.to_le_bytes())
            .collect();
        assert_eq!(
            read(Number::F32, false, &single),
            [f64::from(0.1_f32), -2.5]
        );
    }

    #[test]
    fn half_precision_has_its_smallest_its_largest_and_its_infinities() {
        assert_eq!(half(0x3c00), 1.0);
        assert_eq!(half(0xc000), -2.0);
        assert_eq!(half(0x7bff), 65504.0);
        assert_eq!(half(0x0001), 2_f64.powi(-24));
        assert_eq!(half(0x3555), 1365.0 / 4096.0);
        assert_eq!(half(0xfc00), f64::NEG_INFINITY);
        assert!(half(0x7e00).is_nan());
    }
}
