//! A gzipped file, unpacked as it is read: one member or several after each other. Neither its size
//! nor that of any part is taken from what the file says of itself.

use std::io::{self, BufRead, BufReader, ErrorKind, Read};

use flate2::bufread::GzDecoder;

use super::Refusal;

/// The first bytes of every gzipped file.
pub(super) const MAGIC: [u8; 2] = [0x1f, 0x8b];

/// Nothing shrinks to less than 1/1032 by this method; what is worth reading does not come near.
const RATIO: u64 = 250;
/// So many bytes may be unpacked at any ratio.
const FREE: u64 = 16 << 20;

/// What is wrong with a gzipped file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Fault {
    #[error("is cut short: its compressed data have no end")]
    Truncated,
    #[error("has compressed data that are damaged")]
    Damaged,
    #[error("goes on behind its compressed data")]
    Garbage,
    #[error("unpacks to more than {0} bytes")]
    TooLarge(u64),
    #[error("unpacks to more than {RATIO} times its size")]
    Bomb,
}

impl Fault {
    /// The refusal of the file that messages call `shown`.
    pub fn refusal(self, shown: &str) -> Refusal {
        let expected = match self {
            Self::Truncated | Self::Damaged => {
                "expected a whole gzip file: was it copied to its end?"
            }
            Self::Garbage => "expected gzip members and nothing else",
            Self::TooLarge(_) => "expected less, a higher --max-memory, or the file unpacked",
            Self::Bomb => "expected a file of examples, or the file unpacked",
        };
        Refusal::source(format!("`{shown}` {self}"), expected)
    }
}

/// The unpacked bytes. Its errors carry a [`Fault`], or are those of the file.
pub(super) struct Unpacked<R: Read> {
    /// The member that is being read; `None` at the end of the file.
    member: Option<GzDecoder<BufReader<Counted<R>>>>,
    given: u64,
    most: u64,
}

impl<R: Read> Unpacked<R> {
    /// What is packed in `file`: at most `most` bytes.
    pub fn new(file: R, most: u64) -> Self {
        let file = BufReader::with_capacity(1 << 16, Counted { file, bytes: 0 });
        Self {
            member: Some(GzDecoder::new(file)),
            given: 0,
            most,
        }
    }

    /// Goes on to the next member, if there is one.
    fn next_member(&mut self) -> io::Result<()> {
        let Some(member) = self.member.take() else {
            return Ok(());
        };
        let mut file = member.into_inner();
        match file.fill_buf()? {
            [] => {}
            [first, ..] if *first == MAGIC[0] => self.member = Some(GzDecoder::new(file)),
            _ => return Err(io::Error::other(Fault::Garbage)),
        }
        Ok(())
    }

    /// Counts `bytes` more.
    fn give(&mut self, bytes: usize) -> io::Result<()> {
        self.given += bytes as u64;
        let packed = self
            .member
            .as_ref()
            .map_or(0, |member| member.get_ref().get_ref().bytes);
        if self.given > self.most {
            return Err(io::Error::other(Fault::TooLarge(self.most)));
        }
        if self.given > FREE + RATIO * packed {
            return Err(io::Error::other(Fault::Bomb));
        }
        Ok(())
    }
}

impl<R: Read> Read for Unpacked<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while let Some(member) = &mut self.member {
            let bytes = member.read(buffer).map_err(told)?;
            if bytes > 0 || buffer.is_empty() {
                self.give(bytes)?;
                return Ok(bytes);
            }
            self.next_member()?;
        }
        Ok(0)
    }
}

/// The decoder's errors as faults; those of the file as they are.
fn told(error: io::Error) -> io::Error {
    match error.kind() {
        ErrorKind::UnexpectedEof => io::Error::other(Fault::Truncated),
        ErrorKind::InvalidInput | ErrorKind::InvalidData => io::Error::other(Fault::Damaged),
        _ => error,
    }
}

/// A reader that counts what is read from it.
struct Counted<R> {
    file: R,
    bytes: u64,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let bytes = self.file.read(buffer)?;
        self.bytes += bytes as u64;
        Ok(bytes)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::GzEncoder;

    use super::*;

    fn packed(text: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(vec![], Compression::best());
        encoder.write_all(text).expect("to memory");
        encoder.finish().expect("to memory")
    }

    /// What is read of `file`, and the fault that ends it.
    fn unpack(file: &[u8], most: u64) -> (Vec<u8>, Option<Fault>) {
        let mut bytes = vec![];
        let end = Unpacked::new(file, most).read_to_end(&mut bytes);
        let fault = end.err().map(|error| {
            let fault = error.get_ref().and_then(|error| error.downcast_ref());
            *fault.expect("memory has no faults of its own")
        });
        (bytes, fault)
    }

    #[test]
    fn members_are_read_one_after_the_other() {
        let file = [packed(b"1,2\n"), packed(b""), packed(b"3,4\n")].concat();
        assert_eq!(unpack(&file, 8), (b"1,2\n3,4\n".to_vec(), None));
    }

    #[test]
    fn a_file_cut_anywhere_is_cut_short() {
        let text: Vec<u8> = (0..5_000)
            .flat_map(|i: u32| i.to_string().into_bytes())
            .collect();
        let file = packed(&text);
        for length in 2..file.len() {
            let (bytes, fault) = unpack(&file[..length], 1 << 20);
            assert_eq!(fault, Some(Fault::Truncated), "after {length} bytes");
            assert!(text.starts_with(&bytes));
        }
        assert_eq!(unpack(&file, 1 << 20), (text, None));
    }

    #[test]
    fn what_follows_the_members_is_refused() {
        for garbage in ["\n", "\0\0\0\0", "1,2,3\n4,5,6\n", "\u{1f}"] {
            let file = [&packed(b"1,2\n")[..], garbage.as_bytes()].concat();
            let fault = unpack(&file, 1 << 20).1.expect("a fault");
            let half_a_member = garbage == "\u{1f}";
            let want = if half_a_member {
                Fault::Truncated
            } else {
                Fault::Garbage
            };
            assert_eq!(fault, want, "{garbage:?}");
        }
    }

    #[test]
    fn damage_is_found() {
        let file = packed(&b"0.5,1.5\n".repeat(100));
        let mut method = file.clone();
        method[2] = 7;
        assert_eq!(unpack(&method, 1 << 20).1, Some(Fault::Damaged));
        let mut checksum = file;
        let at = checksum.len() - 8;
        checksum[at] ^= 1;
        assert_eq!(unpack(&checksum, 1 << 20).1, Some(Fault::Damaged));
    }

    #[test]
    fn no_more_is_unpacked_than_may_be() {
        let bomb = packed(&vec![b'1'; 40 << 20]);
        let (bytes, fault) = unpack(&bomb, 1 << 20);
        assert_eq!(
            (bytes.len(), fault),
            (1 << 20, Some(Fault::TooLarge(1 << 20)))
        );
    }

    #[test]
    fn a_bomb_is_stopped_by_its_ratio() {
        let bomb = packed(&vec![b'1'; 40 << 20]);
        let (bytes, fault) = unpack(&bomb, u64::MAX);
        assert_eq!(fault, Some(Fault::Bomb));
        assert!(bytes.len() < 30 << 20, "{}", bytes.len());
    }
}
