package bootloader_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/hardening-sdk/hardening/internal/growth"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/inventorytest"
	"github.com/hardening-sdk/hardening/inventory/kernels/bootloader"
)

func parse(b []byte) error { _, err := bootloader.Parse(b); return err }

func TestGrowth(t *testing.T) {
	growth.All(t, 200, parse, "set a=$b\n", "${", "\"${", "if [ a = b ]; then\n")
	growth.Limit(t, "a \\\n", "line 100001: ", parse)
	growth.Limit(t, "{\n", "line 100001: ", parse)
}

// What a small configuration asks for is bounded.
func TestBounds(t *testing.T) {
	const main = "-- boot/grub/grub.cfg --\n"
	files := ""
	for i := range 60 {
		files += fmt.Sprintf("source $prefix/%d.cfg\n", i)
	}
	fan := main + files
	for i := range 60 {
		fan += fmt.Sprintf("-- boot/grub/%d.cfg --\n%s", i, strings.ReplaceAll(files, ".cfg", ".inc"))
		fan += fmt.Sprintf("-- boot/grub/%d.inc --\nset a=b\n", i)
	}
	for name, fixture := range map[string]string{
		"doubled":    main + "set a=xxxxxxxx\n" + strings.Repeat("set a=\"$a$a\"\n", 60),
		"parameters": main + "set a=\"" + strings.Repeat("x ", 3900) + "\"\n" + strings.Repeat("linux /vmlinuz $a\n", 1<<12),
		"includes":   fan,
		"appended":   "-- boot/extlinux.conf --\nAPPEND " + strings.Repeat("x ", 1<<12) + "\n" + strings.Repeat("LABEL a\n", 1<<12),
		"superusers": main + "set superusers=a\nif x; then\n" + strings.Repeat("set superusers=\"a b c\"\n", 1<<10) + "fi\n" + strings.Repeat("password_pbkdf2 d x\n", 1<<10),
	} {
		_, err := bootloader.Fact.Of(t.Context(), inventorytest.System(t, fixture))
		if !errors.Is(err, inventory.ErrLimit) || !strings.Contains(err.Error(), "boot/") {
			t.Errorf("%s: got %v", name, err)
		}
	}
}
