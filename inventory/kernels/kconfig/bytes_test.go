package kconfig_test

import (
	"testing"

	"github.com/hardening-sdk/hardening/internal/bytetable"
	"github.com/hardening-sdk/hardening/inventory/inventorytest"
	"github.com/hardening-sdk/hardening/inventory/kernels/kconfig"
)

// Nothing reads the file at run time. The answers are those of conf_write of scripts/kconfig/confdata.c: what it
// does not write is no configuration of a kernel, but for a last line without an end and CR LF.
func TestBytes(t *testing.T) {
	texts := bytetable.Line{Key: "CONFIG_STRICT_DEVMEM", Sep: "=", Value: "y", Other: "n", Comment: "#"}.Texts()
	texts["not set"] = "# CONFIG_STRICT_DEVMEM is not set\n"
	texts["not set, with a word behind"] = "# CONFIG_STRICT_DEVMEM is not set x\n"
	bytetable.Test(t, "config", texts, func(t *testing.T, text string) string {
		all, err := kconfig.Fact.Of(t.Context(), inventorytest.Folder(t, bytetable.Tree(t, map[string]string{
			"boot/config-6.0": text, "lib/modules/6.0/modules.dep": "", "lib/modules/6.0/modules.builtin": "",
		})))
		if err != nil {
			return bytetable.Error
		}
		return all[0].Options["STRICT_DEVMEM"].Value
	}, nil, nil)
}
