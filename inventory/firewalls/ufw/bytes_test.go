package ufw_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/hardening-sdk/hardening/internal/bytetable"
	"github.com/hardening-sdk/hardening/internal/oracle"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/firewalls/ufw"
	"github.com/hardening-sdk/hardening/inventory/inventorytest"
)

// The start script of ufw sources both files in the shell.
func TestBytes(t *testing.T) {
	for name, line := range map[string]bytetable.Line{
		"ufw.conf":    {Key: "ENABLED", Sep: "=", Value: "yes", Other: "no", Comment: "#"},
		"default.ufw": {Key: "DEFAULT_INPUT_POLICY", Sep: "=", Value: "DROP", Other: "ACCEPT", Comment: "#"},
	} {
		t.Run(name, func(t *testing.T) {
			ours := func(t *testing.T, text string) string {
				files := map[string]string{"etc/ufw/ufw.conf": "ENABLED=yes\n", "etc/default/ufw": ""}
				if name == "ufw.conf" {
					files["etc/ufw/ufw.conf"] = text
				} else {
					files["etc/default/ufw"] = text
				}
				c, err := ufw.Fact.Of(t.Context(), inventorytest.Folder(t, bytetable.Tree(t, files)))
				if err != nil || errors.Is(err, inventory.ErrAbsent) {
					return bytetable.Error
				}
				if name == "ufw.conf" {
					return c.Enabled.Value
				}
				return c.Policies["input"].Value
			}
			bytetable.Test(t, name, line.Texts(), ours, func(t *testing.T, text string) string {
				oracle.Need(t, "dash")
				dir := bytetable.Tree(t, map[string]string{"file": text})
				out, code := oracle.Code(t, "dash", "-c", "cd "+dir+" && PATH=/nowhere && . ./file 2>/dev/null; printf '%s-' \"$"+line.Key+"\"")
				if code != 0 {
					return bytetable.Error
				}
				return strings.NewReplacer("\n", `\n`, "\r", `\r`).Replace(strings.TrimSuffix(string(out), "-"))
			}, nil)
		})
	}
}
