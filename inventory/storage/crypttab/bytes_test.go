package crypttab_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/hardening-sdk/hardening/internal/bytetable"
	"github.com/hardening-sdk/hardening/internal/oracle"
	"github.com/hardening-sdk/hardening/inventory/inventorytest"
	"github.com/hardening-sdk/hardening/inventory/storage/crypttab"
)

// The generator of systemd makes a unit for each volume, which names its device.
func TestBytes(t *testing.T) {
	texts := bytetable.Line{Key: "luks", Sep: " ", Value: "/dev/sda2 none luks", Other: "/dev/sda3 none luks", Comment: "#"}.Texts()
	ours := func(t *testing.T, text string) string {
		entries, err := crypttab.Fact.Of(t.Context(), inventorytest.Folder(t, bytetable.Tree(t, map[string]string{"etc/crypttab": text})))
		if err != nil {
			return bytetable.Error
		}
		var all []string
		for _, e := range entries {
			all = append(all, e.Name)
		}
		slices.Sort(all)
		return strings.Join(slices.Compact(all), ", ")
	}
	bytetable.Test(t, "crypttab", texts, ours, func(t *testing.T, text string) string {
		const program = "/lib/systemd/system-generators/systemd-cryptsetup-generator"
		oracle.Need(t, program, "sh")
		dir := bytetable.Tree(t, map[string]string{"crypttab": text, "n/x": ""})
		oracle.Code(t, "sh", "-c", "SYSTEMD_CRYPTTAB="+dir+"/crypttab "+program+" "+dir+"/n "+dir+"/n "+dir+"/n 2>/dev/null")
		entries, err := os.ReadDir(filepath.Join(dir, "n"))
		if err != nil {
			t.Fatal(err)
		}
		var all []string
		for _, e := range entries {
			if name, ok := strings.CutPrefix(e.Name(), "systemd-cryptsetup@"); ok && strings.HasSuffix(name, ".service") {
				name = strings.TrimSuffix(name, ".service")
				all = append(all, escape.ReplaceAllStringFunc(strings.ReplaceAll(name, "-", "/"), func(s string) string {
					b, _ := strconv.ParseUint(s[2:], 16, 8)
					return string([]byte{byte(b)})
				}))
			}
		}
		slices.Sort(all)
		return strings.Join(all, ", ")
	}, nil)
}

var escape = regexp.MustCompile(`\\x[0-9a-f]{2}`)
