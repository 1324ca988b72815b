package bootloader_test

import (
	"path/filepath"
	"testing"

	"github.com/hardening-sdk/hardening/internal/bytetable"
	"github.com/hardening-sdk/hardening/internal/oracle"
	"github.com/hardening-sdk/hardening/inventory/inventorytest"
	"github.com/hardening-sdk/hardening/inventory/kernels/bootloader"
)

// grub-script-check tells whether GRUB takes the script, and no values.
func TestBytes(t *testing.T) {
	for name, line := range map[string]bytetable.Line{
		"grub-set":   {Key: "set superusers", Sep: "=", Value: "root", Other: "x", Comment: "#", Tail: "menuentry 'x' {\nlinux /vmlinuz audit=1\n}\n"},
		"grub-linux": {Head: "menuentry 'x' {\n", Key: "linux", Sep: " ", Value: "/vmlinuz audit=1", Other: "/vmlinuz audit=0", Comment: "#", Tail: "}\n"},
	} {
		t.Run(name, func(t *testing.T) {
			ours := func(t *testing.T, text string) string {
				_, err := bootloader.Fact.Of(t.Context(), inventorytest.Folder(t, bytetable.Tree(t, map[string]string{"boot/grub/grub.cfg": text})))
				if err != nil {
					return bytetable.Error
				}
				return "taken"
			}
			bytetable.Test(t, name, line.Texts(), ours, func(t *testing.T, text string) string {
				oracle.Need(t, "grub-script-check")
				file := filepath.Join(bytetable.Tree(t, map[string]string{"grub.cfg": text}), "grub.cfg")
				if _, code := oracle.Code(t, "grub-script-check", file); code != 0 {
					return bytetable.Error
				}
				return "taken"
			}, map[string]string{
				"nothing": "grub-script-check refuses an empty script, which GRUB takes", "a blank line": "as of nothing",
			})
		})
	}
}
