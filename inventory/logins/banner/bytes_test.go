package banner_test

import (
	"bytes"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/hardening-sdk/hardening/internal/bytetable"
	"github.com/hardening-sdk/hardening/internal/oracle"
	"github.com/hardening-sdk/hardening/inventory/inventorytest"
	"github.com/hardening-sdk/hardening/inventory/logins/banner"
)

// agetty prints the text on a terminal. What it reveals is found by the values of the escapes. With
// "\S{}" agetty of util-linux 2.38 does not come to an end.
func TestBytes(t *testing.T) {
	texts := bytetable.Line{Key: "Kernel", Sep: " ", Value: `\r`, Other: `\m`, Comment: "#"}.Texts()
	maps.Copy(texts, map[string]string{
		"name": `\s`, "machine": `\m`, "version": `\v`, "system": `\S`, "system, a name": `\S{PRETTY_NAME}`, "system, open": `\S{PRETTY_NAME`, "system, a blank": `\S {ID}`, "a braced escape": `\r{x}`, "all of them": `\s\S\r\v\m`, "none of them": `\a \d \l \n \t`,
		"a backslash": `\\r`, "two backslashes": `\\\r`, "three": `\\\\r`, "at the end": `x\`, "over a line": "x\\\nr", "in capitals": `\R \V \M`, "percent": `%r %s`, "a dollar": `$(uname -r)`, "octal": `\162`, "hexadecimal": `\x72`, "Unicode's backslash": `＼r`, "colors": `\e{red}\r`, "colors, open": `\e{red\r`, "colors, another": `\e{\r}`, "colors, open over a line": "\\e{red\n\\r\n", "colors, closed on the next line": "\\e{red\n}\\r\n", "colors, closed further on": "\\e{red\n\\r}\\m\n", "a long argument": `\4{` + strings.Repeat("x", 5000) + `}\r`, "an argument, open, then much": `\4{` + strings.Repeat("x", 5000) + `\r`, "a name with an argument, open over a line": "\\S{ID\n\\r\n", "color alone": `\e\r`,
		"addresses": `\4 \6`, "an address, open": `\4{eth0\r`, "an address, braced": `\4{\r}`, "users": `\u \U`, "domain": `\o \O`, "domain, braced": `\O{\r}`, "baud": `\b`, "line by line": "a\nb\\r\nc\n", "a number of the system": `\S{VERSION_ID}`, "a system's own": `\S{\r}`,
	})
	var said map[string]string
	bytetable.Test(t, "issue", texts, func(t *testing.T, text string) string {
		b, err := banner.Fact.Of(t.Context(), inventorytest.Folder(t, bytetable.Tree(t, map[string]string{"etc/issue": text})), "etc/issue")
		if err != nil {
			return bytetable.Error
		}
		all := b.Reveals()
		slices.Sort(all)
		return strings.Join(slices.Compact(all), " ")
	}, func(t *testing.T, text string) string {
		if said == nil {
			said = askAgetty(t, texts)
		}
		return said[text]
	}, map[string]string{"a system's own": "which variables there are is not looked up", "a number of the system": "it shows the system's version, which is no value of the others"})
}

// askAgetty returns which values of escapes the texts show.
func askAgetty(t *testing.T, texts map[string]string) map[string]string {
	oracle.Need(t, "script", "sh", "timeout", "uname")
	oracle.Try(t, nil, "sh", "-c", "command -v agetty")
	values := []struct{ escape, value string }{{`\S`, name(t)}}
	for _, option := range []string{"v", "r", "m", "s"} {
		values = append(values, struct{ escape, value string }{`\` + option, strings.TrimSpace(string(oracle.Run(t, "uname", "-"+option)))})
	}
	files := map[string]string{}
	order := slices.Compact(slices.Sorted(maps.Values(texts)))
	for i, text := range order {
		files[fmt.Sprintf("%04d", i)] = text
	}
	const between = "----between----"
	dir := bytetable.Tree(t, files)
	out := oracle.Run(t, "script", "-qc", "for f in "+dir+"/*; do timeout 5 agetty --show-issue -f $f; echo "+between+"; done", "/dev/null")
	said := map[string]string{}
	shown := bytes.Split(out, []byte(between))
	if len(shown) != len(order)+1 {
		t.Fatalf("got %d texts of %d", len(shown), len(order))
	}
	for i, text := range order {
		var all []string
		for _, v := range values {
			if rest := bytes.ReplaceAll(shown[i], []byte(v.value), nil); len(rest) < len(shown[i]) {
				shown[i], all = rest, append(all, v.escape)
			}
		}
		slices.Sort(all)
		said[text] = strings.Join(all, " ")
	}
	return said
}

// name returns the name that the system of this machine has for people.
func name(t *testing.T) string {
	b, err := os.ReadFile(filepath.Join("/etc", "os-release"))
	if err != nil {
		oracle.Lack(t, err.Error())
	}
	m := regexp.MustCompile(`(?m)^PRETTY_NAME="(.*)"$`).FindSubmatch(b)
	if m == nil {
		oracle.Lack(t, "no name of the system")
	}
	return string(m[1])
}
