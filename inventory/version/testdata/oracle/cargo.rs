// Asks the semver crate. Each line has two texts in hexadecimal: with "order" two versions, and
// the answer is one of < = >; else a requirement and a version, i for in and o for out.
// It is ! if the crate refuses one of the two.
use semver::{Version, VersionReq};
use std::io::BufRead;

fn text(hex: &str) -> Option<String> {
    let bytes = (0..hex.len()).step_by(2).map(|i| u8::from_str_radix(&hex[i..i + 2], 16).unwrap());
    String::from_utf8(bytes.collect()).ok()
}

fn order(a: &str, b: &str) -> Option<&'static str> {
    let (a, b) = (Version::parse(a).ok()?, Version::parse(b).ok()?);
    // Not its Ord, in which builds count too.
    let key = |v: &Version| (v.major, v.minor, v.patch, v.pre.clone());
    Some(["<", "=", ">"][(key(&a).cmp(&key(&b)) as i8 + 1) as usize])
}

fn range(req: &str, v: &str) -> Option<&'static str> {
    let (req, v) = (VersionReq::parse(req).ok()?, Version::parse(v).ok()?);
    Some(if req.matches(&v) { "i" } else { "o" })
}

fn main() {
    let ask = if std::env::args().nth(1).unwrap() == "order" { order } else { range };
    for line in std::io::stdin().lock().lines() {
        let line = line.unwrap();
        let (a, b) = line.split_once(' ').unwrap();
        let answer = text(a).and_then(|a| text(b).and_then(|b| ask(&a, &b)));
        println!("{}", answer.unwrap_or("!"));
    }
}
