package sysctl_test

import (
	"errors"
	"path/filepath"
	"strings"
	"testing"

	"github.com/hardening-sdk/hardening/internal/bytetable"
	"github.com/hardening-sdk/hardening/internal/oracle"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/inventorytest"
	"github.com/hardening-sdk/hardening/inventory/kernels/sysctl"
)

// systemd-sysctl writes to a folder that hides proc/sys in a namespace of its own.
func TestBytes(t *testing.T) {
	tried := false
	fold := func(s string) string { return strings.Join(strings.Fields(s), " ") }
	for name, line := range map[string]bytetable.Line{
		"key":     {Key: "kernel.kptr_restrict", Sep: " = ", Value: "2", Other: "1", Comment: "#"},
		"pattern": {Key: "kernel.kptr_*", Sep: "=", Value: "2", Other: "1", Comment: ";"},
	} {
		t.Run(name, func(t *testing.T) {
			texts := line.Texts()
			texts["exception"] = "kernel.kptr_*=3\n-kernel.kptr_restrict\n"
			texts["exception behind a blank"] = "kernel.kptr_*=3\n - kernel.kptr_restrict\n"
			texts["slashes"] = "kernel/kptr_restrict=2\n"
			texts["two separators"] = "kernel//kptr_restrict=2\n"
			texts["a separator before"] = ".kernel.kptr_restrict=2\n"
			texts["a separator behind"] = "kernel.kptr_restrict.=2\n"
			texts["up"] = "kernel/../kernel/kptr_restrict=2\n"
			texts["this folder"] = "kernel/./kptr_restrict=2\n"
			ours := func(t *testing.T, text string) string {
				s := inventorytest.Folder(t, bytetable.Tree(t, map[string]string{
					"etc/sysctl.d/a.conf": text, "usr/lib/systemd/system/systemd-sysctl.service": "[Service]\nExecStart=/usr/lib/systemd/systemd-sysctl\n",
				}))
				v, err := sysctl.Fact.Of(t.Context(), s, "kernel.kptr_restrict")
				if err != nil && !errors.Is(err, inventory.ErrNotLive) {
					return bytetable.Error
				}
				return fold(v.Value)
			}
			bytetable.Test(t, name, texts, ours, func(t *testing.T, text string) string {
				const program = "/lib/systemd/systemd-sysctl"
				oracle.Need(t, program, "unshare", "sh")
				if !tried {
					oracle.Try(t, nil, "unshare", "-Urm", "mount", "-t", "tmpfs", "tmpfs", "/proc/sys") // takes the right to make namespaces
					tried = true
				}
				file := filepath.Join(bytetable.Tree(t, map[string]string{"a.conf": text}), "a.conf")
				out, _ := oracle.Code(t, "unshare", "-Urm", "sh", "-c", "mount -t tmpfs tmpfs /proc/sys && mkdir /proc/sys/kernel && "+
					": >/proc/sys/kernel/kptr_restrict && "+program+" "+file+" 2>/dev/null; cat /proc/sys/kernel/kptr_restrict")
				return fold(string(out))
			}, nil)
		})
	}
}
