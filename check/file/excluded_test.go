package file_test

import (
	"context"
	"errors"
	"testing"

	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/check/file"
	"github.com/hardening-sdk/hardening/check/reason"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/inventorytest"
)

// A folder that the scan leaves out makes a rule on the whole tree unknown, unless the rule
// excepts it. What is seen to be wrong elsewhere still fails.
func TestFoldersLeftOutOfTheScan(t *testing.T) {
	const good = "-- etc/passwd --\nroot:x:0:0:::\n-- etc/group --\nroot:x:0:\n-- etc/nsswitch.conf --\npasswd: files\ngroup: files\n-- srv/www/x --\n-- srv/data/y mode=0666 --\n"
	const bad = good + "-- opt/z mode=0666 owner=7:7 --\n"
	maker := func(kind string, except []string) (check.Check, error) {
		switch kind {
		case "world-writable":
			return file.WorldWritable{Except: except}.Check()
		case "sticky":
			return file.Sticky{Except: except}.Check()
		case "unowned":
			return file.Unowned{Except: except}.Check()
		}
		return file.Setuid{Allow: []string{}}.Check()
	}
	for _, tt := range []struct {
		kind, fixture   string
		exclude, except []string
		want            check.Status
		reason          reason.Reason
	}{
		{"world-writable", good, nil, nil, check.Fail, ""},
		{"world-writable", good, nil, []string{"srv/data"}, check.Pass, ""},
		{"world-writable", good, []string{"srv/data"}, nil, check.Unknown, reason.Excluded},
		{"world-writable", good, []string{"srv/data"}, []string{"srv/data"}, check.Pass, ""},
		{"world-writable", good, []string{"srv/data"}, []string{"srv"}, check.Pass, ""},
		{"world-writable", good, []string{"srv/*"}, []string{"srv/data"}, check.Unknown, reason.Excluded},
		{"world-writable", good, []string{"srv"}, []string{"srv/data"}, check.Unknown, reason.Excluded},
		{"world-writable", bad, []string{"srv/data"}, nil, check.Fail, ""},
		{"sticky", good, []string{"srv/data"}, nil, check.Unknown, reason.Excluded},
		{"sticky", good, []string{"srv/data"}, []string{"srv/data"}, check.Pass, ""},
		{"unowned", good, []string{"srv/data"}, nil, check.Unknown, reason.Excluded},
		{"unowned", good, []string{"srv/data"}, []string{"srv/data"}, check.Pass, ""},
		{"unowned", bad, []string{"srv/data"}, []string{"srv/data"}, check.Fail, ""},
		{"setuid", good, []string{"srv/data"}, nil, check.Unknown, reason.Excluded},
	} {
		for _, by := range []string{"exclude", "intercept"} {
			c, err := maker(tt.kind, tt.except)
			if err != nil {
				t.Fatal(err)
			}
			cfg := inventorytest.Config(t, tt.fixture)
			if by == "exclude" {
				cfg.Exclude = tt.exclude
			} else {
				cfg.Intercept = denies(t, tt.exclude)
			}
			out, err := check.Run(t.Context(), inventorytest.Open(t, cfg), []check.Compiled{{Rule: check.Rule{ID: "r"}, Check: c}}, check.Options{})
			if err != nil {
				t.Fatal(err)
			}
			if got := out[0].Result; got.Status != tt.want || got.Reason != tt.reason {
				t.Errorf("%s by %s, %q left out, except %q: got %s %s: %s", tt.kind, by, tt.exclude, tt.except, got.Status, got.Reason, got.Message)
			}
			if tt.want == check.Pass && len(tt.exclude) > 0 && len(out[0].Excused) != 1 {
				t.Errorf("%s: got %v excused", tt.kind, out[0].Excused)
			}
		}
	}
}

// denies refuses what Config.Exclude of the same patterns would, as a vendor's own list does.
func denies(t *testing.T, patterns []string) func(context.Context, inventory.Read) error {
	sys := inventorytest.Open(t, inventory.Config{FS: inventorytest.Empty(), Exclude: patterns})
	return func(ctx context.Context, r inventory.Read) error {
		if r.Name == "." {
			return nil
		}
		if _, err := sys.Lstat(ctx, r.Name); errors.Is(err, inventory.ErrExcluded) {
			return err
		}
		return nil
	}
}
