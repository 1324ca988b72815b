package apparmor_test

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/hardening-sdk/hardening/internal/bytetable"
	"github.com/hardening-sdk/hardening/internal/oracle"
	"github.com/hardening-sdk/hardening/inventory/confinements/apparmor"
	"github.com/hardening-sdk/hardening/inventory/inventorytest"
)

// apparmor_parser prints the names of the profiles that it would load.
func TestBytes(t *testing.T) {
	for name, line := range map[string]bytetable.Line{
		"profile": {Key: "profile x", Sep: " ", Value: "/usr/bin/x {", Other: "/usr/bin/y {", Comment: "#", Tail: "}\n"},
		"flags":   {Key: "profile x", Sep: " ", Value: "/usr/bin/x flags=(complain) {", Other: "/usr/bin/x {", Comment: "#", Tail: "}\n"},
		"rule":    {Head: "profile x /usr/bin/x {\n", Key: "/etc/passwd", Sep: " ", Value: "r,", Other: "w,", Comment: "#", Tail: "}\nprofile y flags=(complain) {\n}\n"},
	} {
		t.Run(name, func(t *testing.T) {
			ours := func(t *testing.T, text string) string {
				c, err := apparmor.Fact.Of(t.Context(), inventorytest.Folder(t, bytetable.Tree(t, map[string]string{"etc/apparmor.d/x": text})))
				if err != nil {
					return bytetable.Error
				}
				var all []string
				for _, p := range c.Profiles {
					all = append(all, p.Name)
				}
				slices.Sort(all)
				return strings.Join(all, ", ")
			}
			bytetable.Test(t, name, line.Texts(), ours, func(t *testing.T, text string) string {
				oracle.Need(t, "apparmor_parser")
				file := filepath.Join(bytetable.Tree(t, map[string]string{"x": text}), "x")
				out, code := oracle.Code(t, "apparmor_parser", "-N", "-K", "--config-file=/dev/null", file)
				if _, bad := oracle.Code(t, "apparmor_parser", "-Q", "-K", "--config-file=/dev/null", "-M", "/dev/null", file); code != 0 || bad != 0 {
					return bytetable.Error
				}
				all := strings.Split(strings.TrimSuffix(string(out), "\n"), "\n")
				slices.Sort(all)
				return strings.Join(all, ", ")
			}, nil)
		})
	}
}
