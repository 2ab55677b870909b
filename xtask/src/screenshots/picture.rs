//! Pictures with at most 256 colours: a third of the size, and what a page shows has hardly more.

use std::collections::HashMap;
use std::io::Cursor;

use png::{BitDepth, ColorType, Compression, Decoder, Encoder, Filter, Transformations};

use super::Failed;

/// As many as one byte can name.
const MOST: usize = 256;

type Colour = [u8; 3];

/// The same picture with a palette. Colours beyond 256 become the nearest of the 256 most frequent.
pub fn reduce(png: &[u8]) -> Result<Vec<u8>, Failed> {
    let mut decoder = Decoder::new(Cursor::new(png));
    decoder.set_transformations(Transformations::normalize_to_color8());
    let mut reader = decoder.read_info()?;
    let mut bytes = vec![
        0;
        reader
            .output_buffer_size()
            .ok_or("a picture that is too large")?
    ];
    let info = reader.next_frame(&mut bytes)?;
    let samples = match info.color_type {
        ColorType::Rgb => 3,
        ColorType::Rgba => 4,
        other => return Err(format!("a picture in {other:?}").into()),
    };
    let pixels: Vec<Colour> = bytes[..info.buffer_size()]
        .chunks_exact(samples)
        .map(|pixel| [pixel[0], pixel[1], pixel[2]])
        .collect();
    let palette = palette(&pixels);
    let mut known: HashMap<Colour, u8> = HashMap::new();
    let indexes: Vec<u8> = pixels
        .iter()
        .map(|colour| {
            *known
                .entry(*colour)
                .or_insert_with(|| nearest(&palette, *colour))
        })
        .collect();
    encode(info.width, info.height, &palette, &indexes)
}

/// The most frequent colours; equally frequent ones in the order of their numbers.
fn palette(pixels: &[Colour]) -> Vec<Colour> {
    let mut counts: HashMap<Colour, usize> = HashMap::new();
    for colour in pixels {
        *counts.entry(*colour).or_default() += 1;
    }
    let mut counts: Vec<(Colour, usize)> = counts.into_iter().collect();
    counts.sort_by(|one, other| other.1.cmp(&one.1).then(one.0.cmp(&other.0)));
    counts.truncate(MOST);
    counts.into_iter().map(|(colour, _)| colour).collect()
}

fn nearest(palette: &[Colour], colour: Colour) -> u8 {
    let distance = |other: &Colour| -> u32 {
        let pairs = other.iter().zip(colour);
        pairs
            .map(|(one, other)| u32::from(one.abs_diff(other)).pow(2))
            .sum()
    };
    let best = (0..=u8::MAX)
        .zip(palette)
        .min_by_key(|(_, other)| distance(other));
    best.map_or(0, |(number, _)| number)
}

fn encode(width: u32, height: u32, palette: &[Colour], indexes: &[u8]) -> Result<Vec<u8>, Failed> {
    let mut file = Vec::new();
    let mut encoder = Encoder::new(&mut file, width, height);
    encoder.set_color(ColorType::Indexed);
    encoder.set_depth(BitDepth::Eight);
    encoder.set_palette(palette.concat());
    encoder.set_compression(Compression::High);
    // Numbers of a palette say nothing about their neighbours.
    encoder.set_filter(Filter::NoFilter);
    let mut writer = encoder.write_header()?;
    writer.write_image_data(indexes)?;
    writer.finish()?;
    Ok(file)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn picture(pixels: &[[u8; 4]]) -> Vec<u8> {
        let mut file = Vec::new();
        let mut encoder = Encoder::new(&mut file, u32::try_from(pixels.len()).unwrap(), 1);
        encoder.set_color(ColorType::Rgba);
        encoder.set_depth(BitDepth::Eight);
        let mut writer = encoder.write_header().unwrap();
        writer.write_image_data(&pixels.concat()).unwrap();
        writer.finish().unwrap();
        file
    }

    fn colours(png: &[u8]) -> Vec<u8> {
        let mut decoder = Decoder::new(Cursor::new(png));
        decoder.set_transformations(Transformations::normalize_to_color8());
        let mut reader = decoder.read_info().unwrap();
        let mut bytes = vec![0; reader.output_buffer_size().unwrap()];
        let size = reader.next_frame(&mut bytes).unwrap().buffer_size();
        bytes[..size].to_vec()
    }

    #[test]
    fn few_colours_stay_exactly_as_they_are() {
        let pixels = [[1, 2, 3, 255], [200, 100, 50, 255], [1, 2, 3, 255]];
        let reduced = reduce(&picture(&pixels)).unwrap();
        assert_eq!(colours(&reduced), [1, 2, 3, 200, 100, 50, 1, 2, 3]);
    }

    #[test]
    fn the_rarest_of_too_many_colours_becomes_its_neighbour() {
        let mut pixels: Vec<[u8; 4]> = (0..=255).flat_map(|n| [[n, 0, 0, 255]; 2]).collect();
        pixels.push([7, 1, 0, 255]);
        let shown = colours(&reduce(&picture(&pixels)).unwrap());
        assert_eq!(shown[shown.len() - 3..], [7, 0, 0]);
        assert_eq!(shown[..6], [0, 0, 0, 0, 0, 0]);
    }
}
