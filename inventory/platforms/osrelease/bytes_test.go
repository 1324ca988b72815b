package osrelease_test

import (
	"strings"
	"testing"

	"github.com/hardening-sdk/hardening/internal/bytetable"
	"github.com/hardening-sdk/hardening/internal/oracle"
	"github.com/hardening-sdk/hardening/inventory/inventorytest"
)

var unlike = map[string]map[string]string{"id": {"value in capitals": "rules take an ID in letters of any case"}}

// The shell tells the ID, as os-release(5) has it: the platform that rules are for.
func TestBytes(t *testing.T) {
	for name, line := range map[string]bytetable.Line{
		"id":      {Key: "ID", Sep: "=", Value: "debian", Other: "fedora", Comment: "#"},
		"version": {Head: "ID=debian\n", Key: "VERSION_ID", Sep: "=", Value: "12", Other: "13", Comment: "#"},
	} {
		t.Run(name, func(t *testing.T) {
			ours := func(t *testing.T, text string) string {
				p, err := inventorytest.Folder(t, bytetable.Tree(t, map[string]string{"etc/os-release": text})).Platform(t.Context())
				if err != nil {
					return bytetable.Error
				}
				got := p.Version
				if name == "id" {
					got = p.ID
				}
				if got == "" {
					return bytetable.Error // rules for a platform are unknown
				}
				return got
			}
			bytetable.Test(t, name, line.Texts(), ours, func(t *testing.T, text string) string {
				oracle.Need(t, "dash")
				dir := bytetable.Tree(t, map[string]string{"file": text})
				out, code := oracle.Code(t, "dash", "-c", "cd "+dir+" && PATH=/nowhere && . ./file 2>/dev/null; printf '%s-' \"$"+line.Key+"\"")
				if code != 0 {
					return bytetable.Error
				}
				return strings.NewReplacer("\n", `\n`, "\r", `\r`).Replace(strings.TrimSuffix(string(out), "-"))
			}, unlike[name])
		})
	}
}
