// Package version orders version strings the way the software that they belong to does, and tells
// whether a version is in a range. It is a leaf: it imports the standard library only.
//
//	deb, _ := version.Lookup("deb")
//	c, err := deb.Compare("1.0~rc1-1", "1.0-1") // negative: before
//	r, err := version.ParseRange(deb, ">= 1.2-3, < 2")
//	in, err := r.Contains("1.2-10")
//
// What is no version is an error that says where it stops making sense, an [*InvalidError]; it is
// in no range and outside of none.
//
// # Schemes
//
// Names are the types of package-urls where there is one. Each follows the program named, whose
// answers are a table in its test; where no program compares, lists of published versions.
//
//   - alpm: vercmp(8) of pacman 6.0
//   - apk: apk-tools 3.0, apk-package(5)
//   - cargo: Rust's crate semver 1.0 (Semantic Versioning 2.0.0)
//   - deb: dpkg 1.21, deb-version(7)
//   - gem: Gem::Version of RubyGems 3.3
//   - generic: firmware and whatever has no scheme; it refuses to guess
//   - golang: golang.org/x/mod/semver for modules, go/version for toolchains; 1.2.3 is v1.2.3
//   - kernel: releases of Linux as uname -r prints them
//   - macos: product versions, rapid security responses, builds
//   - maven: ComparableVersion of Maven 3.8
//   - npm: node-semver 7.3
//   - nuget: NuGet.Versioning 5
//   - openssh: 9.6p1
//   - openssl: 3.0.13, 1.0.2zg
//   - opkg: opkg 0.4
//   - pypi: PEP 440, packaging 23.0
//   - rpm: rpm.vercmp of rpm 4.18, rpm-version(7)
//   - semver: Semantic Versioning 2.0.0, strictly
//   - windows: 10.0.19045.3803
//
// A scheme takes what its tool takes and refuses what that refuses, with few exceptions: the empty
// string, which is no version anywhere; epochs of opkg that it cannot order; in maven and pypi some
// letters and digits beyond ASCII. Strings that differ may be equal, as 1.0 and 1.00 of deb are.
//
// Compare is a total order of valid strings, but where nobody knows one, or the tool has none:
//
//   - generic, kernel and macos fail with [ErrInvalid] for two strings whose order would be a guess:
//     A12 and B03; 5.15.0-91-generic and 5.15.0-1050-aws; 13.4.1 and 22F82. What is not known is
//     never up to date.
//   - alpm answers as vercmp does for a version that has a pkgrel and one that has none, and for
//     separators at the end, which is no order of them all.
//   - maven has Maven's circles, such as 1-alpha, 1, 1.x.1. No version is in one that has no word
//     between two dots, or a dot and a hyphen, and none after nothing but zeros.
//   - npm compares numbers of pre-releases beyond 2^53 as JavaScript does, as doubles.
//
// No function allocates but on errors, in [Sort], and where ranges are made; all take time in
// proportion to the length of the strings.
//
// # Ranges
//
// [ParseRange] understands VERS for every scheme, and what the scheme's own tool writes:
//
//   - npm: ^1.2, ~1.2, 1.x, 1.2 - 2.3, >=1 <2 || 3
//   - semver: the constraints of github.com/Masterminds/semver
//   - cargo: requirements of Cargo: 1.2 (a caret), ~1.2, 1.*, >=1, <2
//   - pypi: specifiers of PEP 440: ~=1.2, ==1.2.*, !=1.3, ===1.2
//   - maven: intervals: [1.0,2.0), (,1.0],[1.2,)
//   - nuget: intervals; 1.0 is the lowest version
//   - gem: Gem::Requirement: ~> 1.2, != 1.3
//   - generic: the constraints of github.com/hashicorp/go-version
//   - the others: >= 1.2-3, < 2 || = 3
//
// [EventsRange] makes a range of the events of the Open Source Vulnerability format. Ranges of a tool's
// own form have its rules: those of npm, cargo, semver, pypi and generic leave pre-releases out
// unless they name one; ranges of deb, rpm, apk and the others follow the order alone, as do all
// those of VERS and of events. A range of rpm compares releases only if both sides have one.
//
// [Range.String] is the canonical VERS of a range, [Range.Lint] says what is odd about it.
package version
