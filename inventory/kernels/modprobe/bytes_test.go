package modprobe_test

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/hardening-sdk/hardening/internal/bytetable"
	"github.com/hardening-sdk/hardening/internal/oracle"
	"github.com/hardening-sdk/hardening/inventory/inventorytest"
	"github.com/hardening-sdk/hardening/inventory/kernels/modprobe"
)

// modprobe tells what it would run for a module, and which modules are blacklisted.
func TestBytes(t *testing.T) {
	for name, line := range map[string]bytetable.Line{
		"install":   {Key: "install", Sep: " ", Value: "aa /bin/false", Other: "aa /bin/true", Comment: "#"},
		"program":   {Key: "install aa", Sep: " ", Value: "/bin/false", Other: "/bin/true", Comment: "#"},
		"blacklist": {Key: "blacklist", Sep: " ", Value: "aa", Other: "ab", Comment: "#"},
	} {
		t.Run(name, func(t *testing.T) {
			ours := func(t *testing.T, text string) string {
				c, err := modprobe.Fact.Of(t.Context(), inventorytest.Folder(t, bytetable.Tree(t, map[string]string{"etc/modprobe.d/a.conf": text})))
				if err != nil || slices.ContainsFunc(c.Lines, func(l modprobe.Line) bool { return l.Maybe }) {
					return bytetable.Error
				}
				got := ""
				if all := c.Installs("aa"); len(all) > 0 {
					got = strings.TrimLeft(all[0].Rest, " \t")
				}
				for _, m := range []string{"aa", "ab"} {
					if _, ok := c.Blacklisted(m); ok {
						got += " not " + m
					}
				}
				return shown(got)
			}
			dir := ""
			bytetable.Test(t, name, line.Texts(), ours, func(t *testing.T, text string) string {
				if dir == "" {
					dir = own(t, "bookworm")
				}
				write(t, filepath.Join(dir, "etc/modprobe.d/a.conf"), []byte(text), 0o644)
				got := ""
				out, _ := oracle.ChrootCode(t, dir, "modprobe", "-n", "-v", "-S", "6.0", "aa")
				if m := command.FindSubmatch(out); m != nil {
					got = strings.TrimLeft(string(m[1]), " \t")
				}
				var not []string
				for l := range strings.Lines(string(oracle.Chroot(t, dir, "modprobe", "--showconfig"))) {
					if m, ok := strings.CutPrefix(l, "blacklist "); ok && (m == "aa\n" || m == "ab\n") {
						not = append(not, " not "+strings.TrimSpace(m))
					}
				}
				slices.Sort(not)
				return shown(got + strings.Join(slices.Compact(not), ""))
			}, nil)
		})
	}
}

// shown is a text on one line.
func shown(s string) string {
	s = strings.TrimRight(s, " \t")
	return strings.NewReplacer("\r", `\r`, "\n", `\n`, strings.Repeat(" ", 9000), " ... ").Replace(s)
}
