package inittab_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/hardening-sdk/hardening/internal/bytetable"
	"github.com/hardening-sdk/hardening/inventory/inventorytest"
	"github.com/hardening-sdk/hardening/inventory/services/inittab"
)

// sysvinit cannot be asked here. Its answers are those of read_inittab in its init.c, which model
// follows: it passes over lines that it does not understand.
func TestBytes(t *testing.T) {
	texts := bytetable.Line{Key: "~~:S:wait", Sep: ":", Value: "/sbin/sulogin", Other: "/bin/sh", Comment: "#"}.Texts()
	maps.Copy(texts, map[string]string{
		"three fields": "~~:S:wait\n", "no action": "~~:S::/sbin/sulogin\n", "no levels": "~~::wait:/sbin/sulogin\n", "an unknown action": "~~:S:wiat:/sbin/sulogin\n", "an action with a blank": "~~:S: wait:/sbin/sulogin\n", "an action in capitals": "~~:S:WAIT:/sbin/sulogin\n",
		"a colon in the process": "~~:S:wait:/sbin/sulogin :x\n", "a blank before the process": "~~:S:wait: /sbin/sulogin\n", "a long process": "~~:S:wait:/sbin/" + strings.Repeat("x", 130) + "\n", "off": "~~:S:off:/sbin/sulogin\n",
	})
	bytetable.Test(t, "inittab", texts, func(t *testing.T, text string) string {
		all, err := inittab.Fact.Of(t.Context(), inventorytest.Folder(t, bytetable.Tree(t, map[string]string{"etc/inittab": text})))
		if err != nil {
			return bytetable.Error
		}
		var lines []string
		for _, e := range all {
			lines = append(lines, e.Levels+" "+e.Action+" "+e.Process)
		}
		return strings.Join(lines, "; ")
	}, func(_ *testing.T, text string) string { return model(text) }, nil)
}

// model reads lines of at most 255 bytes up to a NUL, as fgets and strsep do.
func model(text string) string {
	known := strings.Fields(`respawn wait once boot bootwait off ondemand initdefault sysinit powerwait powerfail powerokwait
		powerfailnow ctrlaltdel kbrequest`)
	var lines []string
	for text != "" {
		line, rest := text, ""
		if i := strings.IndexByte(text, '\n'); i >= 0 {
			line, rest = text[:i], text[i+1:]
		}
		if len(line) > 255 {
			line, rest = text[:255], text[255:]
		}
		text = rest
		line, _, _ = strings.Cut(line, "\x00")
		line = strings.TrimLeft(line, " \t")
		if line == "" || line[0] == '#' {
			continue
		}
		f := strings.SplitN(line, ":", 4)
		if len(f) < 4 || f[0] == "" || len(f[0]) > 4 || len(f[1]) > 11 || len(f[3]) > 127 || !slices.Contains(known, strings.ToLower(f[2])) {
			continue
		}
		lines = append(lines, f[1]+" "+strings.ToLower(f[2])+" "+strings.Trim(f[3], " \t"))
	}
	return strings.Join(lines, "; ")
}
