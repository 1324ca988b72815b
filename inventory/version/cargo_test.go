package version_test

import (
	"path/filepath"
	"testing"

	"github.com/hardening-sdk/hardening/internal/oracle"
)

var cargoTool = tool{
	scheme: "cargo",
	header: "Version::parse of the semver crate 1.0.14 (librust-semver-dev of Debian 12) and its order without builds,\n" +
		"by testdata/oracle/cargo.rs.",
	pairs:  4000,
	pieces: "1 2 3 9 10 1 2 10 0 .1 .0 .a -1 -0 -a -rc.1 -beta.2 -1 -a +b +1 +1.2.3 a A z x - 18446744073709551616 99999999999999999999999",
	ask:    askCrate("order"),
}

var cargoRangeTool = rangeTool{
	scheme: "cargo",
	header: "VersionReq::parse(RANGE).matches(VERSION) of the semver crate 1.0.14 (librust-semver-dev of Debian 12),\n" +
		"by testdata/oracle/cargo.rs.",
	pairs:  4000,
	pieces: "1 2 0 .x .* .1 .0 1 2 3 10 ^ ~ = > >= <= ,␠ , ␠ -a -0 -beta.2 ,1.* ,<2 ,␠>=1.2.3-a ,^1.2 +b ,>=1.2 ,<=1.2 ,~1",
	parts:  3,
	tails:  "-0 -alpha -rc.1 +b -beta.2 -a -a -0 .0",
	ask:    askCrate("range"),
}

func FuzzCargo(f *testing.F)      { fuzz(f, "cargo") }
func FuzzCargoRange(f *testing.F) { fuzzRange(f, "cargo") }

// askCrate builds a program that asks the crate, where its source and a compiler are that knows
// both and has a linker.
func askCrate(mode string) func(*testing.T, []pair) []byte {
	return func(t *testing.T, pairs []pair) []byte {
		const source = "/usr/share/cargo/registry/semver-1.0.14/src/lib.rs"
		if !exists(source) {
			oracle.Lack(t, "no "+source)
		}
		dir := t.TempDir()
		lib, program := filepath.Join(dir, "libsemver.rlib"), filepath.Join(dir, "ask")
		oracle.Try(t, nil, "rustc", "--edition=2018", "--crate-type=lib", "--crate-name=semver", "--cap-lints=allow",
			"--cfg=feature=\"std\"", "-O", "-o", lib, source)
		oracle.Try(t, nil, "rustc", "--edition=2021", "-O", "--extern", "semver="+lib, "-o", program, "testdata/oracle/cargo.rs")
		return byHex(program, mode)(t, pairs)
	}
}

// slowCargo is Semantic Versioning with numbers below 2^64.
func slowCargo(a, b string) byte {
	for _, v := range []string{a, b} {
		m := tripleForm.FindStringSubmatch(v)
		for i := 1; m != nil && i <= 3; i++ {
			if slowNumber(m[i], "18446744073709551615") > 0 {
				return '!'
			}
		}
	}
	return slowSemver(a, b)
}
