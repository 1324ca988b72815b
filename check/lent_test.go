package check_test

import (
	"context"
	"errors"
	"io/fs"
	"strings"
	"testing"

	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/check/reason"
	"github.com/hardening-sdk/hardening/internal/trail"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/filetree"
	"github.com/hardening-sdk/hardening/inventory/inventorytest"
)

// outcome examines one system by one check.
func outcome(t *testing.T, cfg inventory.Config, c check.Check) check.Outcome {
	t.Helper()
	out, err := check.Run(t.Context(), inventorytest.Open(t, cfg), rulesOf(c), check.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return out[0]
}

// What only the owner of a system may do is refused to whom it is lent.
func TestCheckCannotGiveFactsOrClose(t *testing.T) {
	for name, c := range map[string]func(context.Context, *inventory.System) error{
		"a fact given by a check": func(_ context.Context, sys *inventory.System) error { return shadow.Given(sys, "nothing") },
		"a fact given through a handle": func(_ context.Context, sys *inventory.System) error {
			return shadow.Given(sys.Handle(new(trail.Trail).Writer()), "nothing")
		},
		"a fact given by a collector": func(ctx context.Context, sys *inventory.System) error {
			refused, _ := inventory.NewFact("giver", func(_ context.Context, s *inventory.System) (error, error) {
				return shadow.Given(s, "nothing"), nil
			}).Of(ctx, sys)
			return refused
		},
		"closed": func(_ context.Context, sys *inventory.System) error { return sys.Close() },
	} {
		out := outcome(t, inventorytest.Config(t, "-- etc/shadow error=EACCES --\n"), simple(func(ctx context.Context, sys *inventory.System) check.Result {
			if err := c(ctx, sys); err == nil || !strings.Contains(err.Error(), "refused") {
				t.Errorf("%s: got %v, want it refused", name, err)
			}
			if _, err := shadow.Of(ctx, sys); err == nil {
				return passed("")
			}
			return absent("")
		}))
		if got := out.Result; got.Status != check.Unknown || got.Reason != reason.Permission {
			t.Errorf("%s: got %s %s", name, got.Status, got.Reason)
		}
	}
}

var shadow = inventory.NewFact("shadow", func(ctx context.Context, s *inventory.System) (string, error) {
	b, err := s.ReadFile(ctx, "etc/shadow")
	return string(b), err
})

// What others have collected is out of a check's reach: it would stand in no trail.
func TestCheckSeesNoFactsOfOthers(t *testing.T) {
	sys := inventorytest.System(t, "-- etc/shadow --\nx\n")
	if _, err := shadow.Of(t.Context(), sys); err != nil {
		t.Fatal(err)
	}
	out, err := check.Run(t.Context(), sys, rulesOf(simple(func(_ context.Context, sys *inventory.System) check.Result {
		for name := range sys.Facts() {
			t.Errorf("sees %s", name)
		}
		return passed("")
	})), check.Options{})
	if err != nil || out[0].Result.Status != check.Pass {
		t.Error(out, err)
	}
	n := 0
	for range sys.Facts() {
		n++
	}
	if n == 0 {
		t.Error("the owner sees none")
	}
}

// The owner of a system presets facts, also after they were collected.
func TestOwnerGivesFacts(t *testing.T) {
	sys := inventorytest.System(t, "-- etc/shadow error=EACCES --\n")
	if err := shadow.Given(sys, "given"); err != nil {
		t.Fatal(err)
	}
	if got, err := shadow.Of(t.Context(), sys); got != "given" || err != nil {
		t.Errorf("got %q, %v", got, err)
	}
}

// Whatever trail a handle writes, the check that made it is held to what it read.
func TestForgedTrailsCount(t *testing.T) {
	for name, through := range map[string]func(*inventory.System) *inventory.System{
		"no trail": func(sys *inventory.System) *inventory.System { return sys.Handle(trail.Writer{}) },
		"its own":  func(sys *inventory.System) *inventory.System { return sys.Handle((&trail.Trail{}).Writer()) },
		"twice": func(sys *inventory.System) *inventory.System {
			tr := new(trail.Trail)
			sys.Handle(new(trail.Trail).Writer()).Handle(tr.Writer())
			return sys.Handle(tr.Writer())
		},
	} {
		out := outcome(t, inventorytest.Config(t, "-- etc/shadow error=EACCES --\n"), simple(func(ctx context.Context, sys *inventory.System) check.Result {
			_, _ = through(sys).ReadFile(ctx, "etc/shadow")
			return passed("")
		}))
		if out.Result.Status != check.Unknown {
			t.Errorf("%s: got %s", name, out.Result.Status)
		}
		if len(out.Reads) != 1 {
			t.Errorf("%s: got reads %v", name, out.Reads)
		}
	}
}

// A value that keeps the System of its collector reads outside of every trail.
func TestFactsThatReadLaterAreCaught(t *testing.T) {
	const fixture = "-- x error=EACCES --\nx\n-- y --\ny\n-- d/z --\nz\n"
	type value func(context.Context) error
	for name, collect := range map[string]func(context.Context, *inventory.System) (value, error){
		"a failing read": func(_ context.Context, s *inventory.System) (value, error) {
			return func(ctx context.Context) error { _, err := s.ReadFile(ctx, "x"); return err }, nil
		},
		"a good read": func(_ context.Context, s *inventory.System) (value, error) {
			return func(ctx context.Context) error { _, err := s.ReadFile(ctx, "y"); return err }, nil
		},
		"a tree that was kept": func(ctx context.Context, s *inventory.System) (value, error) {
			tree := s.FS(ctx)
			return func(context.Context) error { _, err := fs.ReadFile(tree, "y"); return err }, nil
		},
		"an open file": func(ctx context.Context, s *inventory.System) (value, error) {
			f, err := s.FS(ctx).Open("y")
			return func(context.Context) error { _, err := f.Read(make([]byte, 9)); return err }, err
		},
		"an entry of a folder": func(ctx context.Context, s *inventory.System) (value, error) {
			all, err := s.ReadDir(ctx, "d")
			return func(context.Context) error { _, err := all[0].Info(); return err }, err
		},
		"a fact": func(_ context.Context, s *inventory.System) (value, error) {
			return func(ctx context.Context) error { _, err := shadow.Of(ctx, s); return err }, nil
		},
		"the registry": func(ctx context.Context, s *inventory.System) (value, error) {
			r := s.Registry(ctx)
			return func(context.Context) error { _, err := r.Keys(`HKLM\x`); return err }, nil
		},
		"through a handle": func(_ context.Context, s *inventory.System) (value, error) {
			h := s.Handle(new(trail.Trail).Writer())
			return func(ctx context.Context) error { _, err := h.ReadFile(ctx, "y"); return err }, nil
		},
	} {
		lazy := inventory.NewFact("lazy", collect)
		c := simple(func(ctx context.Context, sys *inventory.System) check.Result {
			read, err := lazy.Of(ctx, sys)
			if err != nil {
				t.Errorf("%s: %v", name, err)
				return fromError(err)
			}
			if read(ctx) == nil {
				t.Errorf("%s: reads without an error", name)
			}
			return passed("")
		})
		if got := outcome(t, inventorytest.Config(t, fixture), c).Result; got.Status == check.Pass {
			t.Errorf("%s: got %s", name, got.Status)
		}
	}
}

// What Info of an entry could not tell counts like any read.
func TestInfoOfAnEntryIsTracked(t *testing.T) {
	c := simple(func(ctx context.Context, s *inventory.System) check.Result {
		all, err := s.ReadDir(ctx, "d")
		if err != nil {
			return fromError(err)
		}
		for _, e := range all {
			if i, err := e.Info(); err == nil && i.Mode()&2 != 0 {
				return failed("writable")
			}
		}
		return passed("")
	})
	cfg := inventorytest.Config(t, "-- d/a --\nx\n")
	for kind, want := range map[inventorytest.Kind]check.Status{
		inventorytest.Denied: check.Unknown, inventorytest.Broken: check.Error, inventorytest.Gone: check.Unknown, inventorytest.Timeout: check.Unknown,
	} {
		fault := inventorytest.Fault{Read: inventory.Read{Op: filetree.OpLstat, Name: "d/a"}, Kind: kind}
		if got := outcome(t, inventorytest.Inject(cfg, fault), c).Result.Status; got != want {
			t.Errorf("%s: got %s, want %s", kind, got, want)
		}
	}
	if got := outcome(t, cfg, c); got.Result.Status != check.Pass || len(got.Reads) != 2 {
		t.Errorf("without a fault: got %s, %v", got.Result.Status, got.Reads)
	}
}

// An outcome lists what was excused, by the check or by a collector, where it failed.
func TestOutcomeListsWhatWasExcused(t *testing.T) {
	motd := inventory.NewFact("motd", func(ctx context.Context, s *inventory.System) (string, error) {
		s.Excuse("etc/motd")
		b, _ := s.ReadFile(ctx, "etc/motd")
		return string(b), nil
	})
	out := outcome(t, inventorytest.Config(t, "-- etc/shadow error=EACCES --\n-- etc/motd error=EIO --\n-- etc/issue --\n"),
		check.All(simple(func(ctx context.Context, sys *inventory.System) check.Result {
			_, _ = sys.ReadFile(ctx, "etc/shadow")
			_, _ = sys.ReadFile(ctx, "etc/issue")
			sys.Excuse("etc/shadow")
			sys.Excuse("etc/issue")
			return passed("")
		}), check.Of(motd, good)))
	if out.Result.Status != check.Pass {
		t.Errorf("got %s: %s", out.Result.Status, out.Result.Message)
	}
	if len(out.Excused) != 2 || out.Excused[0].Name != "etc/motd" || out.Excused[1].Name != "etc/shadow" {
		t.Errorf("got %v, want what failed and was excused", out.Excused)
	}
}

// A deny list that names folders is not led around by links.
func TestDenyListHoldsBehindLinks(t *testing.T) {
	denied := errors.New("denied by the agent")
	deny := func(_ context.Context, r inventory.Read) error {
		if strings.HasPrefix(r.Name, "home/") {
			return denied
		}
		return nil
	}
	const fixture = `os: linux
-- home/amy/secret --
secret
-- home/amy/d/x --
-- home/amy/out link=/etc/open --
-- etc/open --
-- etc/file link=/home/amy/secret --
-- etc/relative link=../home/amy/secret --
-- etc/chain link=file --
-- etc/folder link=/home/amy --
-- etc/above link=/home --
-- etc/missing link=/home/amy/none --
-- etc/through link=/home/amy/out --
`
	reads := map[string]func(context.Context, *inventory.System, string) error{
		"read": func(ctx context.Context, s *inventory.System, n string) error {
			_, err := s.ReadFile(ctx, n)
			return err
		},
		"once": func(ctx context.Context, s *inventory.System, n string) error {
			_, err := s.ReadOnce(ctx, n)
			return err
		},
		"stat": func(ctx context.Context, s *inventory.System, n string) error { _, err := s.Stat(ctx, n); return err },
		"open": func(ctx context.Context, s *inventory.System, n string) error {
			_, err := s.FS(ctx).Open(n)
			return err
		},
		"glob": func(ctx context.Context, s *inventory.System, n string) error {
			_, err := s.Glob(ctx, n+"/*")
			return err
		},
		"lstat": func(ctx context.Context, s *inventory.System, n string) error {
			_, err := s.Lstat(ctx, n+"/x")
			return err
		},
	}
	for _, kind := range []string{"of memory", "of its own links"} {
		cfg := inventorytest.Config(t, fixture)
		if kind == "of its own links" {
			cfg.FS = rooted{filetree.ResolveLinks(cfg.FS).(filetree.RootedFS)}
		}
		cfg.Intercept = deny
		for _, name := range []string{"etc/file", "etc/relative", "etc/chain", "etc/folder/secret", "etc/above/amy/secret", "etc/missing", "etc/through", "etc/folder/d", "home/amy/secret"} {
			for op, read := range reads {
				if op == "lstat" && name != "etc/folder/d" {
					continue // Lstat of a name below a file is absence, wherever it lies
				}
				var got error
				out := outcome(t, cfg, simple(func(ctx context.Context, sys *inventory.System) check.Result {
					got = read(ctx, sys, name)
					return passed("")
				}))
				if !errors.Is(got, denied) || out.Result.Status == check.Pass {
					t.Errorf("a tree %s: %s %s: got %v and %s", kind, op, name, got, out.Result.Status)
				}
			}
		}
		if got := outcome(t, cfg, simple(func(ctx context.Context, sys *inventory.System) check.Result {
			if _, err := sys.ReadFile(ctx, "etc/open"); err != nil {
				return fromError(err)
			}
			return passed("")
		})); got.Result.Status != check.Pass {
			t.Errorf("a file elsewhere: got %s: %s", got.Result.Status, got.Result.Message)
		}
	}
}

// rooted is a tree of somebody else that resolves links itself.
type rooted struct{ f filetree.RootedFS }

func (r rooted) Rooted()                                {}
func (r rooted) Open(name string) (fs.File, error)      { return r.f.Open(name) }
func (r rooted) Stat(name string) (fs.FileInfo, error)  { return r.f.Stat(name) }
func (r rooted) Lstat(name string) (fs.FileInfo, error) { return r.f.Lstat(name) }
func (r rooted) ReadLink(name string) (string, error)   { return r.f.ReadLink(name) }
