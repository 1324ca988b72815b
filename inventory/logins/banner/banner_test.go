package banner_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/hardening-sdk/hardening/internal/oracle"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/inventorytest"
	"github.com/hardening-sdk/hardening/inventory/logins/banner"
)

// places are the paths of the texts of a console.
var places = []string{"etc/issue", "etc/issue.d/a.issue", "run/issue", "run/issue.d/b.issue"}

// agetty of a tree shows the texts that Console returns, whichever of the files exist.
func TestConsoleAgreesWithAgetty(t *testing.T) {
	oracle.Need(t, "script", "chroot")
	tree := oracle.Copy(t, oracle.Tree(t, "bookworm"))
	for set := range 1 << len(places) {
		var fixture strings.Builder
		for i, name := range places {
			file := filepath.Join(tree, name)
			if err := errors.Join(os.MkdirAll(filepath.Dir(file), 0o755), os.RemoveAll(file)); err != nil {
				t.Fatal(err)
			}
			if set&(1<<i) == 0 {
				continue
			}
			if err := os.WriteFile(file, []byte("at "+name+"\n"), 0o600); err != nil {
				t.Fatal(err)
			}
			fmt.Fprintf(&fixture, "-- %s --\nat %s\n", name, name)
		}
		shown := strings.Fields(string(oracle.Run(t, "script", "-qc", "chroot "+tree+" /sbin/agetty --show-issue",
			"/dev/null")))
		all, err := banner.Console.Of(t.Context(), inventorytest.System(t, fixture.String()))
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, text := range all {
			got = append(got, strings.Fields(text.Text)...)
		}
		if !slices.Equal(got, shown) {
			t.Errorf("%s: got %q, agetty shows %q", fixture.String(), got, shown)
		}
	}
}

func TestText(t *testing.T) {
	text := banner.Text{Text: "Debian GNU/Linux 12 \\n \\l\nAuthorised use only. \\S{PRETTY_NAME} \\"}
	if got := text.Words(); got != 6 {
		t.Errorf("got %d words", got)
	}
	if got := text.Reveals(); !slices.Equal(got, []string{`\S`}) {
		t.Errorf("got %q", got)
	}
	if !text.HasWord([]string{"x", "authorised"}) || text.HasWord([]string{"forbidden"}) {
		t.Error("words are not found as they should be")
	}
	if got := (banner.Text{Text: `\\s`}).Reveals(); got != nil {
		t.Errorf("an escaped backslash: got %q", got)
	}
}

func TestErrors(t *testing.T) {
	for _, fixture := range []string{"-- etc/issue error=EACCES --\n",
		"-- etc/issue --\n-- etc/issue.d error=EACCES --\n", "-- etc/issue --\n-- etc/issue.d/a.issue error=EIO --\n"} {
		if got, err := banner.Console.Of(t.Context(), inventorytest.System(t, fixture)); err == nil {
			t.Errorf("%s: got %v", fixture, got)
		}
	}
	if _, err := banner.Fact.Of(t.Context(),
		inventorytest.System(t, ""), "etc/motd"); !errors.Is(err, inventory.ErrAbsent) {
		t.Errorf("no file: got %v", err)
	}
}

func ExampleText_Reveals() {
	fmt.Println(banner.Text{Text: `\S on \m, kernel \r`}.Reveals())
	// Output: [\S \m \r]
}
