// Package version orders version strings like the software that they belong to, and reports
// whether a version is in a range. It imports the standard library only.
//
//	deb, _ := version.Lookup("deb")
//	c, err := deb.Compare("1.0~rc1-1", "1.0-1") // negative: before
//	r, err := version.ParseRange(deb, ">= 1.2-3, < 2")
//	in, err := r.Contains("1.2-10")
//
// A string that is no version is an error, an [*InvalidError], which says at which byte it stops
// making sense. Such a string is neither in a range nor outside of it. Whoever asks "is this
// affected?" has to report one of three results, yes, no or the error, as the examples of the
// package and of [EventsRange] do.
//
// # Schemes
//
// The name of a scheme is the type of a package-url if there is one. Each scheme follows the
// program named here. Its tests compare it with a table of what that program says, or with lists of
// published versions if no program compares versions.
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
// A scheme accepts what its tool accepts and refuses what the tool refuses, with few exceptions:
// the empty string, which no scheme accepts; epochs that opkg cannot order; some letters and digits
// beyond ASCII in maven and pypi. Different strings may be equal versions, such as 1.0 and 1.00 of
// deb.
//
// Surprises:
//
//   - alpm, deb, maven, opkg and rpm accept nearly every text, "latest" and "unknown" too. A
//     version that passes Validate need not be one that somebody published.
//   - apk: numbers after the first one that begin with 0 are fractions: 1.010 is before 1.1 and
//     1.02.
//   - cargo, golang, npm, nuget and semver: builds do not count, 1.0.0+a equals 1.0.0+b.
//   - gem: a word is before every number, and case counts: 1.0.a is before 1.0, 1.A before 1.a.
//   - golang: go1.22rc1 equals 1.22.0-rc.1. Since 1.21 a name of two numbers is the language, so
//     that go1.21 is before go1.21rc1. v1.21 is the module version v1.21.0.
//   - maven: 1-1 is before 1.1. 1.0, 1.ga and 1-final are 1. Words that Maven does not know come
//     after the release.
//   - npm, cargo and semver have three numbers. Only npm accepts a v before them. A range such as
//     1.2 is no version.
//   - nuget: one to four numbers, 1.0 equals 1.0.0.0, and case does not count.
//   - openssh: the portable 9.6p1 is after 9.6, but in the range "<= 9.6". The name may come first:
//     OpenSSH_9.6p1.
//   - openssl: after 1.0.2z comes 1.0.2za; -fips does not count.
//   - pypi: 1.0.dev1 is before 1.0a1. 1.0-1 is 1.0.post1. A local version, 1.0+x, is after 1.0.
//   - rpm and alpm: for letters and separators see rpm-version(7) and vercmp(8). In rpm 1.0~rc1 is
//     before 1.0 and 1.0^git1 after it. In alpm 1.0rc1 is before 1.0.
//   - windows: 19045.3803 is 10.0.19045.3803. Names of products, such as 11, are refused.
//
// Compare is a total order of valid strings, except where nobody knows the order or the tool has
// none:
//
//   - generic, kernel and macos fail with [ErrInvalid] if the order of two strings would be a
//     guess: A12 and B03, 1.05 and 1.1; 5.15.0-91-generic and 5.15.0-1050-aws; 13.4.1 and 22F82.
//     The last 0 that most distributions of Linux keep is no number of kernel.org: 6.1.0-18-amd64
//     is 6.1.76, so that its order with 6.1.69 is not known. A version whose order is not known is
//     never up to date.
//   - alpm follows vercmp for two versions of which one has a pkgrel and the other has none, and
//     for separators at the end. That is no total order.
//   - maven has the circles of Maven, such as 1-alpha, 1, 1.x.1. A version is in no circle if it
//     has no word between two dots, or a dot and a hyphen, and none after nothing but zeros.
//   - npm compares numbers of pre-releases beyond 2^53 like JavaScript, as doubles.
//
// Functions allocate memory only for errors, in [Sort] and [Schemes], and to make, write or lint
// ranges. Validate, [Parse] and Compare take time in proportion to the length of the strings.
// [Range.Contains] takes that time for each version of its range. [ParseRange] bounds the number of
// these versions and their length.
//
// # Ranges
//
// [ParseRange] reads VERS for every scheme, and the form of the scheme's own tool:
//
//   - npm: ^1.2, ~1.2, 1.x, 1.2 - 2.3, >=1 <2 || 3
//   - semver: the constraints of github.com/Masterminds/semver
//   - cargo: requirements of Cargo: 1.2 (a caret), ~1.2, 1.*, >=1, <2
//   - pypi: specifiers of PEP 440: ~=1.2, ==1.2.*, !=1.3, ===1.2
//   - maven: intervals: [1.0,2.0), (,1.0],[1.2,). A text without a bracket, 1.0 or >=1, is a
//     recommendation: every version is in that range, and [Range.Lint] reports it
//   - nuget: intervals; 1.0 is the lowest version, and so is the 1.0 that 1.* stands for
//   - gem: Gem::Requirement: ~> 1.2, != 1.3
//   - generic: the constraints of github.com/hashicorp/go-version
//   - the others: >= 1.2-3, < 2 || = 3
//
// The empty text contains every version for npm, pypi and gem (for gem without those before 0) and
// no version for maven. It is an error for the others.
//
// [EventsRange] makes a range of the events of the Open Source Vulnerability format.
//
// A range in the form of a tool has the rules of the tool. Ranges of npm, cargo, semver, pypi and
// generic contain no pre-releases unless they name one. Ranges of deb, rpm, apk and the others
// follow the order alone, as do all ranges of VERS and of events. A range of rpm compares releases
// only if both versions have one, as rpm matches dependencies. That is not transitive: 2.0-1
// matches 2.0, and 2.0 matches 2.0-2, but 2.0-1 does not match 2.0-2.
//
// [Range.String] is the canonical VERS of a range. [Range.Lint] reports what is odd about a range.
//
// # Vulnerability records
//
// A record of the Open Source Vulnerability format calls a version affected if the version is in
// affected[].versions or in one of affected[].ranges. A record names ecosystems; a suffix that
// begins with a colon does not count. These ecosystems have a scheme here:
//
//   - apk: Alpine, Chainguard, Wolfi; cargo: crates.io; deb: Debian, Ubuntu
//   - gem: RubyGems; golang: Go; maven: Maven; npm: npm; nuget: NuGet; pypi: PyPI
//   - rpm: AlmaLinux, Mageia, openEuler, openSUSE, Red Hat, Rocky Linux, SUSE
//
// Ranges of type SEMVER and of type ECOSYSTEM are of that scheme. Ranges of type SEMVER whose
// ecosystem has no scheme here are of semver. Ranges of type GIT contain commits, which this
// package does not order.
package version
