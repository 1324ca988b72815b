// Package version orders version strings the way the software that they belong to does, and tells
// whether a version is in a range. It is a leaf: it imports the standard library only.
//
//	deb, _ := version.Lookup("deb")
//	c, err := deb.Compare("1.0~rc1-1", "1.0-1") // negative: before
//	r, err := version.ParseRange(deb, ">= 1.2-3, < 2")
//	in, err := r.Contains("1.2-10")
//
// What is no version is an error that says where it stops making sense, an [*InvalidError]; it is
// in no range and outside of none. Whoever asks "is this affected?" has three answers to
// report, yes, no and the error, as the examples of the package and of [EventsRange] do.
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
// What surprises:
//
//   - alpm, deb, maven, opkg and rpm understand nearly every text, "latest" and "unknown" among them: that
//     Validate has no error does not say that somebody published it.
//   - apk: after the first one, numbers that begin with 0 are fractions: 1.010 is before 1.1 and 1.02.
//   - cargo, golang, npm, nuget and semver: builds do not count, 1.0.0+a equals 1.0.0+b.
//   - gem: a word is before every number, and case counts: 1.0.a is before 1.0, 1.A before 1.a.
//   - golang: go1.22rc1 equals 1.22.0-rc.1; since 1.21 a name of two numbers is the language, go1.21
//     before go1.21rc1; v1.21 is the module version v1.21.0.
//   - maven: 1-1 is before 1.1; 1.0, 1.ga and 1-final are 1; words that Maven does not know come after
//     the release.
//   - npm, cargo and semver have three numbers; only npm takes a v before them. A range such as 1.2 is no
//     version.
//   - nuget: one to four numbers, 1.0 equals 1.0.0.0, and case does not count.
//   - openssh: the portable 9.6p1 is after 9.6, but in the range "<= 9.6"; the name may come first,
//     OpenSSH_9.6p1.
//   - openssl: after 1.0.2z comes 1.0.2za; -fips does not count.
//   - pypi: 1.0.dev1 is before 1.0a1; 1.0-1 is 1.0.post1; a local version, 1.0+x, is after 1.0.
//   - rpm and alpm: letters and separators, see rpm-version(7) and vercmp(8); rpm has 1.0~rc1 before
//     1.0 and 1.0^git1 after it, alpm 1.0rc1 before 1.0.
//   - windows: 19045.3803 is 10.0.19045.3803; names of products, such as 11, are refused.
//
// Compare is a total order of valid strings, but where nobody knows one, or the tool has none:
//
//   - generic, kernel and macos fail with [ErrInvalid] for two strings whose order would be a guess:
//     A12 and B03, 1.05 and 1.1; 5.15.0-91-generic and 5.15.0-1050-aws; 13.4.1 and 22F82. The 0 that most
//     distributions of Linux keep is no number of kernel.org: nothing orders 6.1.0-18-amd64, which is
//     6.1.76, and 6.1.69. What is not known is never up to date.
//   - alpm answers as vercmp does for a version that has a pkgrel and one that has none, and for
//     separators at the end, which is no order of them all.
//   - maven has Maven's circles, such as 1-alpha, 1, 1.x.1. No version is in one that has no word
//     between two dots, or a dot and a hyphen, and none after nothing but zeros.
//   - npm compares numbers of pre-releases beyond 2^53 as JavaScript does, as doubles.
//
// No function allocates but on errors, in [Sort] and [Schemes], and where ranges are made, written or
// linted. Validate, [Parse] and Compare take time in proportion to the length of the strings;
// [Range.Contains] takes that for each version of its range, of which [ParseRange] bounds how many
// and how long they are.
//
// # Ranges
//
// [ParseRange] understands VERS for every scheme, and what the scheme's own tool writes:
//
//   - npm: ^1.2, ~1.2, 1.x, 1.2 - 2.3, >=1 <2 || 3
//   - semver: the constraints of github.com/Masterminds/semver
//   - cargo: requirements of Cargo: 1.2 (a caret), ~1.2, 1.*, >=1, <2
//   - pypi: specifiers of PEP 440: ~=1.2, ==1.2.*, !=1.3, ===1.2
//   - maven: intervals: [1.0,2.0), (,1.0],[1.2,); a text without a bracket, 1.0 or >=1, is a
//     recommendation, and every version is in it: [Range.Lint] says so
//   - nuget: intervals; 1.0 is the lowest version, and so is the 1.0 that 1.* stands for
//   - gem: Gem::Requirement: ~> 1.2, != 1.3
//   - generic: the constraints of github.com/hashicorp/go-version
//   - the others: >= 1.2-3, < 2 || = 3
//
// The empty text has every version for npm, pypi and gem (which leaves those before 0 out), none for
// maven, and is an error for the others.
//
// [EventsRange] makes a range of the events of the Open Source Vulnerability format. Ranges of a tool's
// own form have its rules: those of npm, cargo, semver, pypi and generic leave pre-releases out
// unless they name one; ranges of deb, rpm, apk and the others follow the order alone, as do all
// those of VERS and of events. A range of rpm compares releases only if both sides have one,
// as its matching of dependencies does, which is not transitive: 2.0-1 matches 2.0, that matches 2.0-2, but
// the first does not match the last.
//
// [Range.String] is the canonical VERS of a range, [Range.Lint] says what is odd about it.
//
// # Vulnerability records
//
// A record of the Open Source Vulnerability format calls a version affected if it is in affected[].versions,
// or in one of affected[].ranges. It names ecosystems, up to a colon in their names, of which these have
// a scheme here:
//
//   - apk: Alpine, Chainguard, Wolfi; cargo: crates.io; deb: Debian, Ubuntu
//   - gem: RubyGems; golang: Go; maven: Maven; npm: npm; nuget: NuGet; pypi: PyPI
//   - rpm: AlmaLinux, Mageia, openEuler, openSUSE, Red Hat, Rocky Linux, SUSE
//
// Ranges of type SEMVER and of type ECOSYSTEM are of that scheme; those of type SEMVER whose ecosystem has
// none here are of semver. Ranges of type GIT have commits, and nothing here orders those.
package version
