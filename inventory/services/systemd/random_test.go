package systemd_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/hardening-sdk/hardening/internal/oracle"
)

var (
	randomLines = []string{"[Unit]", "[Unit]", "[Install]", " [Install]\t", "[Service]", "[X-Y]", "[]",
		"Description=", "Description=", "Description =",
		"  Description= ", "WantedBy=", "WantedBy=a.target", "Also=", "Also=b.service", "RequiredBy=", "Alias=x.target", "# ", ";", "", "=", "x"}
	randomRest = []string{"", "", "", "one", "two words", " ", "\t", "\\", "\\\\", "\\\\\\", `"`, "'", "=", "#", ";",
		"é", "\ufeff", "\\n", "\\;", "a.target"}
	randomEnds = []string{"\n", "\n", "\n", "\n", "\n", "\\\n", "\\\n", "\\\r\n", "\r\n", "\r", "\n\r", "\x00",
		"\n\x00", "\x00\n", "\n\n", "\r\r", " \n", "\\ \n"}
	randomRare = []string{"[bad\n", "[Unit]x\n", "\xff\n", "#\xff\n", "[U\xff]\n", "Description=\xff\n",
		"\ufeff[Unit]\n", "\ufeff# x\n", " \ufeff[Unit]\n",
		"[\"]\n", "[']\n", "[\\]\n", "[\t]\n", "[\x7f]\n", "[a b]\n", "[\x01]\n", "[;#]\n", "Description=\x01\n", "\v\f[Unit]\n"}
)

// randomUnit returns a unit file of pieces that are hard to parse.
func randomUnit(r *rand.Rand) string {
	one := func(list []string) string { return list[r.IntN(len(list))] }
	var b strings.Builder
	if r.IntN(4) > 0 {
		b.WriteString("[Unit]\n")
	}
	if r.IntN(8) == 0 {
		b.WriteString("\ufeff")
	}
	for range r.IntN(12) {
		if r.IntN(16) == 0 {
			b.WriteString(one(randomRare))
			continue
		}
		b.WriteString(one(randomLines) + one(randomRest) + one(randomRest) + one(randomEnds))
	}
	s := b.String()
	if r.IntN(4) == 0 {
		s = strings.TrimRight(s, "\r\n\x00")
	}
	return s
}

var (
	randomWords = []string{"/bin/a", "a", "b.c", "é", ";", ";", `\;`, "$x", "${y}", "=", "#", "[", "'", `"`, `'x y'`,
		`"x y"`, `""`, "''", `\`, `\\`}
	randomSlash = []string{`\a`, `\x41`, `\x4`, `\x00`, `\u00e9`, `\u00`, `\U0001F600`, `\U00110000`, `\101`, `\400`,
		`\0`, `\s`, `\q`, `\"`, `\'`, `\ `, `\n`, `\t`}
	randomPrefix = []string{"", "", "", "", "-", "@", ":", "+", "!", "!!", "-@", "+-", "!:", "--", "@:-", ";", "; ",
		`"`, "'"}
	randomSpace = []string{" ", " ", " ", "", "\t", "  "}
)

// randomCommand returns a command line of pieces that are hard to split.
func randomCommand(r *rand.Rand) string {
	one := func(list []string) string { return list[r.IntN(len(list))] }
	s := one(randomPrefix) + "/bin/x" + one(randomSpace)
	for range r.IntN(8) {
		if r.IntN(4) == 0 {
			s += one(randomSlash)
		} else {
			s += one(randomWords)
		}
		s += one(randomSpace)
	}
	return s
}

func TestRandomUnitsAgainstSystemctlAndTheManager(t *testing.T) {
	tree := oracle.Copy(t, oracle.Tree(t, "bookworm"))
	r := rand.New(rand.NewPCG(1, 252))
	units := filepath.Join(tree, "etc/systemd/system")
	all := "[Unit]\nDefaultDependencies=no\n"
	const n = 300
	for i := range n {
		name := fmt.Sprintf("random%04d.target", i)
		if err := os.WriteFile(filepath.Join(units, name), []byte(randomUnit(r)), 0o644); err != nil {
			t.Fatal(err)
		}
		all += "Wants=" + name + "\n"
		name = fmt.Sprintf("random%04d.service", i)
		text := "[Unit]\nDefaultDependencies=no\n[Service]\nType=oneshot\nSuccessAction=none\nExecStart=" +
			randomCommand(r) + "\n"
		if err := os.WriteFile(filepath.Join(units, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		all += "Wants=" + name + "\n"
	}
	if err := os.WriteFile(filepath.Join(units, "all.target"), []byte(all), 0o644); err != nil {
		t.Fatal(err)
	}
	t.Logf("%d units", compareStates(t, tree, nil))
	us := collect(t, openDir(t, tree))
	loaded, _ := runManager(t, tree, "all.target")
	for i := range n {
		for _, suffix := range []string{"target", "service"} {
			name := fmt.Sprintf("random%04d.%s", i, suffix)
			compareUnit(t, us, name, loaded[name])
		}
	}
}
