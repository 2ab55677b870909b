//! Evidence on a bad line: an upload that breaks off goes on, also after the page was left; photos
//! are made smaller on the device, and what no other device opens is refused before it is sent.

use std::io::Read;

use app::FileHash;
use serde_json::{Value as Json, json};
use web::PostedFile;
use webdriver::{Browser, Driver, DriverError, Size};

use crate::demonstration::Demonstrated;
use crate::walking::{Desk, serve};

/// A field for evidence of the village's section, and its list.
const FIELD: &str = "#f-items-coop-share-evidence";
const LIST: &str = "[data-files='items.coop_share.evidence']";

/// Makes a file in the page and gives it to the field as a person would who chose it.
const CHOOSE: &str = "
    const [field, name, type, size, first] = arguments;
    const bytes = new Uint8Array(size);
    for (let at = 0; at < size; at += 1) bytes[at] = (at * 7919) % 251;
    bytes.set(first);
    const chosen = new DataTransfer();
    chosen.items.add(new File([bytes], name, { type }));
    const input = document.querySelector(field);
    input.files = chosen.files;
    input.dispatchEvent(new Event('change', { bubbles: true }));
    return true;";

/// A photo of 2400 × 1800 px of noise that lies on its side: its EXIF says that the camera was
/// turned, and where it stood.
const PHOTO: &str = "
    const [field, done] = arguments;
    const canvas = Object.assign(document.createElement('canvas'), { width: 2400, height: 1800 });
    const paper = canvas.getContext('2d');
    const noise = paper.createImageData(2400, 1800);
    for (let at = 0; at < noise.data.length; at += 1) noise.data[at] = at % 4 === 3 ? 255 : (at * 7919) % 253;
    paper.putImageData(noise, 0, 0);
    canvas.toBlob(async (blob) => {
      const plain = new Uint8Array(await blob.arrayBuffer());
      const exif = [0xff, 0xe1, 0x00, 0x22, 0x45, 0x78, 0x69, 0x66, 0, 0, 0x4d, 0x4d, 0, 0x2a, 0, 0, 0, 8,
        0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0, 0, 0, 0, 0];
      const photo = new File([plain.slice(0, 2), new Uint8Array(exif), plain.slice(2)], '入户.jpg', { type: 'image/jpeg' });
      const chosen = new DataTransfer();
      chosen.items.add(photo);
      const input = document.querySelector(field);
      input.files = chosen.files;
      input.dispatchEvent(new Event('change', { bubbles: true }));
      done(photo.size);
    }, 'image/jpeg', 0.95);";

fn line(browser: &Browser, offline: bool, upload_bytes_s: i64) -> Result<(), DriverError> {
    let parameters = json!({
        "offline": offline,
        "latency": 0,
        "downloadThroughput": -1,
        "uploadThroughput": upload_bytes_s,
    });
    browser.chromium("Network.enable", &json!({}))?;
    browser
        .chromium("Network.emulateNetworkConditions", &parameters)
        .map(drop)
}

fn choose(
    browser: &Browser,
    (name, kind): (&str, &str),
    size: usize,
    first: &[u8],
) -> Result<(), DriverError> {
    let arguments = [
        json!(FIELD),
        json!(name),
        json!(kind),
        json!(size),
        json!(first),
    ];
    browser.run(CHOOSE, &arguments).map(drop)
}

/// Presses a button where nothing covers it.
fn press(browser: &Browser, words: &str) -> Result<(), DriverError> {
    let button = browser.button(words)?;
    let to_middle = "arguments[0].scrollIntoView({ block: 'center' })";
    browser.run(to_middle, &[button.argument()])?;
    button.click()
}

/// Waits until so many stored files stand in the form, and gives the last.
fn stored(browser: &Browser, count: usize) -> Result<PostedFile, DriverError> {
    let hidden = format!("{LIST} input[type=hidden]");
    let script = format!("return document.querySelectorAll(\"{hidden}\").length === {count}");
    browser.wait("the upload is whole", &script)?;
    let fields = browser.find_all(&hidden)?;
    let reference = fields.last().unwrap().property("value")?;
    Ok(PostedFile::of_reference(&reference).unwrap())
}

fn content(demonstrated: &Demonstrated, hash: FileHash) -> Vec<u8> {
    let file = demonstrated.open.app.files().open_file(hash).unwrap();
    let mut bytes = Vec::new();
    file.unwrap().read_to_end(&mut bytes).unwrap();
    bytes
}

/// What [`CHOOSE`] makes.
fn made(size: usize, first: &[u8]) -> Vec<u8> {
    let mut bytes: Vec<u8> = (0..size)
        .map(|at| u8::try_from((at * 7919) % 251).unwrap())
        .collect();
    bytes[..first.len()].copy_from_slice(first);
    bytes
}

/// Width and height of a JPEG, from its frame header.
fn sides(jpeg: &[u8]) -> (u16, u16) {
    let mut at = 2;
    loop {
        let length = usize::from(u16::from_be_bytes([jpeg[at + 2], jpeg[at + 3]]));
        if matches!(jpeg[at + 1], 0xc0..=0xc2) {
            let side = |from: usize| u16::from_be_bytes([jpeg[from], jpeg[from + 1]]);
            return (side(at + 7), side(at + 5));
        }
        at += 2 + length;
    }
}

/// The media type of a document of Word.
const WORD: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";

const HAS_BEGUN: &str = "
    const bar = document.querySelector('.files progress');
    return bar && bar.value > 0 && bar.value < bar.max;";

#[test]
fn evidence_goes_up_on_a_bad_line() {
    let Some(driver) = Driver::start_or_skip("evidence on a bad line").unwrap() else {
        return;
    };
    let demonstrated = Demonstrated::on_sqlite();
    let browser = driver.open("zh-CN", Size::PHONE).unwrap();
    let desk = Desk::new(&browser, serve(&demonstrated)).unwrap();
    let section = desk.section("common_prosperity");
    let walk = || -> Result<(), DriverError> {
        desk.sign_in("陈国平")?;
        desk.go(&section)?;
        let docx = b"PK\x03\x04";
        // The line is slow, then gone, then back.
        line(&browser, false, 400 * 1024)?;
        choose(&browser, ("台账.docx", WORD), 1_500_000, docx)?;
        browser.wait("some of it is there", HAS_BEGUN)?;
        line(&browser, true, 400 * 1024)?;
        let waits =
            "return document.querySelector('.files .meta').textContent.includes('自动续传')";
        browser.wait("it says that the line is gone", waits)?;
        line(&browser, false, 4 * 1024 * 1024)?;
        let file = stored(&browser, 1)?;
        assert_eq!(file.name, "台账.docx");
        assert_eq!(content(&demonstrated, file.hash), made(1_500_000, docx));
        // The page is left in the middle, and opened again.
        line(&browser, false, 400 * 1024)?;
        choose(&browser, ("协议.docx", WORD), 1_400_000, docx)?;
        browser.wait("some of it is there", HAS_BEGUN)?;
        desk.go("/")?;
        line(&browser, false, -1)?;
        desk.go(&section)?;
        let file = stored(&browser, 2)?;
        assert_eq!(file.name, "协议.docx");
        assert_eq!(content(&demonstrated, file.hash), made(1_400_000, docx));
        // What is cancelled is gone, here and there.
        line(&browser, false, 100 * 1024)?;
        choose(&browser, ("错的.docx", WORD), 1_300_000, docx)?;
        browser.wait("some of it is there", HAS_BEGUN)?;
        press(&browser, "取消上传")?;
        browser.wait(
            "it is gone",
            "return !document.querySelector('.files progress')",
        )?;
        line(&browser, false, -1)?;
        // A form is not sent without what is still on its way.
        line(&browser, false, 100 * 1024)?;
        choose(&browser, ("慢的.docx", WORD), 1_200_000, docx)?;
        browser.wait("some of it is there", HAS_BEGUN)?;
        browser
            .find("form[data-draft] .savebar .btn-primary")?
            .click()?;
        let late = "return [...document.querySelectorAll('.files .meta')].some((one) => one.textContent.includes('还没有传完'))";
        browser.wait("it says that a file is on its way", late)?;
        assert!(browser.address()?.ends_with(&section));
        line(&browser, false, -1)?;
        stored(&browser, 3)?;
        Ok(())
    };
    walk().unwrap_or_else(|error| panic!("{error}\n{}", browser.whereabouts()));
}

#[test]
fn photos_are_made_smaller_on_the_device() {
    let Some(driver) = Driver::start_or_skip("photos made smaller").unwrap() else {
        return;
    };
    let demonstrated = Demonstrated::on_sqlite();
    let browser = driver.open("zh-CN", Size::PHONE).unwrap();
    let desk = Desk::new(&browser, serve(&demonstrated)).unwrap();
    let section = desk.section("common_prosperity");
    let walk = || -> Result<(), DriverError> {
        desk.sign_in("陈国平")?;
        desk.go(&section)?;
        let size = browser.run_async(PHOTO, &[json!(FIELD)])?;
        let original = size.as_u64().unwrap();
        let file = stored(&browser, 1)?;
        assert!(
            file.size_bytes < original,
            "{} of {original}",
            file.size_bytes
        );
        assert_eq!(file.name, "入户.jpg");
        let bytes = content(&demonstrated, file.hash);
        assert_eq!(sides(&bytes), (1200, 1600), "upright, at most 1600 px");
        let mut words = bytes.windows(4);
        assert!(
            !words.any(|word| word == b"Exif"),
            "nothing of the camera is left"
        );
        let told = browser.find(&format!("{LIST} .file"))?.text()?;
        assert!(told.contains("已缩小为"), "{told}");
        press(&browser, "改传原图")?;
        let file = stored(&browser, 1)?;
        assert_eq!(file.size_bytes, original, "{told}");
        assert_eq!(sides(&content(&demonstrated, file.hash)), (2400, 1800));

        let heic = b"\x00\x00\x00\x18ftypheic";
        choose(&browser, ("照片.heic", "image/heic"), 5000, heic)?;
        let advice = "return document.querySelector('.file.is-bad .meta')?.textContent.includes('兼容性最佳')";
        browser.wait("advice", advice)?;
        stored(&browser, 1)?;
        let violations: Vec<Json> = browser.violations()?.into_iter().map(Json::from).collect();
        assert_eq!(violations, Vec::<Json>::new());
        Ok(())
    };
    walk().unwrap_or_else(|error| panic!("{error}\n{}", browser.whereabouts()));
}
