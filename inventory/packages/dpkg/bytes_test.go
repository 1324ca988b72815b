package dpkg_test

import (
	"strings"
	"testing"

	"github.com/hardening-sdk/hardening/internal/bytetable"
	"github.com/hardening-sdk/hardening/internal/oracle"
	"github.com/hardening-sdk/hardening/inventory/inventorytest"
	"github.com/hardening-sdk/hardening/inventory/packages/dpkg"
)

// dpkg-query tells the packages with their versions and states.
func TestBytes(t *testing.T) {
	for name, line := range map[string]bytetable.Line{
		"version": {Head: "Package: a\nStatus: install ok installed\nMaintainer: x\nDescription: x\nArchitecture: all\n", Key: "Version", Sep: ": ", Value: "1.0", Other: "2.0"},
		"status":  {Head: "Package: a\nVersion: 1\nMaintainer: x\nDescription: x\nArchitecture: all\n", Key: "Status", Sep: ": ", Value: "install ok installed", Other: "deinstall ok config-files"},
		"package": {Key: "Package", Sep: ": ", Value: "a", Other: "b", Tail: "Version: 1\nStatus: install ok installed\nMaintainer: x\nDescription: x\nArchitecture: all\n"},
	} {
		t.Run(name, func(t *testing.T) {
			ours := func(t *testing.T, text string) string {
				packages, err := dpkg.Fact.Of(t.Context(), inventorytest.Folder(t, bytetable.Tree(t, map[string]string{"var/lib/dpkg/status": text})))
				if err != nil {
					return bytetable.Error
				}
				var all []string
				for _, p := range packages {
					all = append(all, p.Name+" "+p.Version+" "+p.State)
				}
				return strings.Join(all, ", ")
			}
			bytetable.Test(t, name, line.Texts(), ours, func(t *testing.T, text string) string {
				oracle.Need(t, "dpkg-query", "sh")
				dir := bytetable.Tree(t, map[string]string{"status": text, "info/format": "1\n"})
				out, code := oracle.Code(t, "sh", "-c", "dpkg-query --admindir="+dir+" -W -f '${Package} ${Version} ${db:Status-Status}\\n' 2>"+dir+"/errors; r=$?; grep -q error "+dir+"/errors && exit 2; exit $r")
				if code == 2 {
					return bytetable.Error
				}
				return strings.ReplaceAll(strings.TrimSuffix(string(out), "\n"), "\n", ", ")
			}, nil)
		})
	}
}
