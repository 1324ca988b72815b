package chrony_test

import (
	"path/filepath"
	"strings"
	"testing"
	"unicode"

	"github.com/hardening-sdk/hardening/internal/bytetable"
	"github.com/hardening-sdk/hardening/internal/oracle"
	"github.com/hardening-sdk/hardening/inventory/clocks/chrony"
	"github.com/hardening-sdk/hardening/inventory/inventorytest"
)

// chronyd -p prints the lines that it takes.
func TestBytes(t *testing.T) {
	for name, line := range map[string]bytetable.Line{
		"server": {Key: "server", Sep: " ", Value: "192.0.2.1", Other: "192.0.2.2", Comment: "#"},
		"option": {Key: "server", Sep: " ", Value: "192.0.2.1 iburst", Other: "192.0.2.1 noselect", Comment: "#"},
		"value":  {Key: "pool", Sep: " ", Value: "192.0.2.1 minpoll 4", Other: "192.0.2.1 minpoll 6", Comment: "#"},
	} {
		t.Run(name, func(t *testing.T) {
			ours := func(t *testing.T, text string) string {
				c, err := chrony.Fact.Of(t.Context(), inventorytest.Folder(t, bytetable.Tree(t, map[string]string{"usr/sbin/chronyd": "", "etc/chrony.conf": text})))
				if err != nil {
					return bytetable.Error
				}
				var all []string
				for _, s := range c.Sources {
					all = append(all, s.Name+" "+s.Value)
				}
				return strings.Join(all, ", ")
			}
			bytetable.Test(t, name, line.Texts(), ours, func(t *testing.T, text string) string {
				oracle.Need(t, "chronyd", "sh")
				file := filepath.Join(bytetable.Tree(t, map[string]string{"chrony.conf": text}), "chrony.conf")
				out, code := oracle.Code(t, "chronyd", "-p", "-f", file)
				if code != 0 {
					return bytetable.Error
				}
				var all []string
				for l := range strings.Lines(string(out)) {
					if f := strings.FieldsFunc(l, func(r rune) bool { return r < 0x7f && unicode.IsSpace(r) }); len(f) > 1 && !strings.Contains(l, "noselect") {
						all = append(all, strings.ToLower(f[0])+" "+f[1])
					}
				}
				return strings.Join(all, ", ")
			}, nil)
		})
	}
}
