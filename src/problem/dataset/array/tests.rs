//! Arrays in files: how these are made, and read whole.

use std::fs;
use std::io::Write;
use std::path::Path;

use flate2::Compression;
use flate2::write::GzEncoder;
use ndarray::Array2;

use crate::problem::dataset::{Dataset, Missing, Refusal, Request, Target, Wanted, load};

mod read;
mod refused;
mod streamed;

/// A `.npy` file of version 1.
fn npy(descr: &str, order: &str, shape: &str, numbers: &[u8]) -> Vec<u8> {
    let text = format!("{{'descr': {descr}, 'fortran_order': {order}, 'shape': {shape}, }}\n");
    let mut file = b"\x93NUMPY\x01\x00".to_vec();
    file.extend((text.len() as u16).to_le_bytes());
    file.extend(text.bytes());
    file.extend(numbers);
    file
}

fn idx(kind: u8, shape: &[u32], numbers: &[u8]) -> Vec<u8> {
    let mut file = vec![0, 0, kind, shape.len() as u8];
    file.extend(shape.iter().flat_map(|size| size.to_be_bytes()));
    file.extend(numbers);
    file
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut writer = GzEncoder::new(vec![], Compression::fast());
    writer.write_all(bytes).expect("to memory");
    writer.finish().expect("to memory")
}

fn singles(numbers: &[f32]) -> Vec<u8> {
    numbers.iter().flat_map(|x| x.to_le_bytes()).collect()
}

/// A folder with these files.
fn folder(files: &[(&str, Vec<u8>)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("there is room");
    for (name, bytes) in files {
        fs::write(folder.path().join(name), bytes).expect("there is room");
    }
    folder
}

fn request<'a>(source: &'a str, folder: &'a Path) -> Request<'a> {
    Request {
        source,
        folder,
        target: None,
        labels: None,
        columns: None,
        categories: vec![],
        missing: Missing::Refuse,
        header: None,
        rows: None,
        wanted: Wanted::Guess,
        max_memory: 1 << 20,
    }
}

fn read(
    files: &[(&str, Vec<u8>)],
    change: impl FnOnce(&mut Request<'_>),
) -> Result<(Dataset, Array2<f64>), Refusal> {
    let folder = folder(files);
    let mut request = request(files[0].0, folder.path());
    change(&mut request);
    let set = load(&request)?;
    let x = set.features.to_array().expect("the file is there");
    Ok((set, x))
}

fn classes(labels: &[u32], names: &[&str]) -> Target {
    Target::Classes {
        labels: labels.to_vec(),
        names: names.iter().map(|&name| name.to_owned()).collect(),
    }
}
