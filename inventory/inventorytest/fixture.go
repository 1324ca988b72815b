package inventorytest

import (
	"encoding/hex"
	"fmt"
	"io/fs"
	"os"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/tools/txtar"

	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/filetree"
)

// fixtureTime is the time of a fixture that states none, so that outcomes are the
// same on every day.
var fixtureTime = time.Date(2026, time.January, 2, 0, 0, 0, 0, time.UTC)

// Config returns the configuration of the system that a fixture describes; the package
// documentation has the format. A malformed fixture ends the test. It can be
// changed and be opened more than once.
func Config(t testing.TB, fixture string) inventory.Config {
	t.Helper()
	cfg, err := Parse([]byte(fixture))
	if err != nil {
		t.Fatalf("fixture: %v", err)
	}
	return cfg
}

// ConfigFile is [Config] for a fixture in a file.
func ConfigFile(t testing.TB, file string) inventory.Config {
	t.Helper()
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	cfg, err := Parse(b)
	if err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	return cfg
}

// System opens the system that a fixture describes, and closes it with the test.
func System(t testing.TB, fixture string) *inventory.System {
	t.Helper()
	return Open(t, Config(t, fixture))
}

// Folder opens the unbooted tree in a folder, and closes it with the test.
func Folder(t testing.TB, root string) *inventory.System {
	t.Helper()
	cfg, err := inventory.Dir(root)
	if err != nil {
		t.Fatal(err)
	}
	return Open(t, cfg)
}

// Open opens the system that cfg describes, and closes it with the test.
func Open(t testing.TB, cfg inventory.Config) *inventory.System {
	t.Helper()
	s, err := inventory.New(cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// Parse reads a fixture.
func Parse(fixture []byte) (inventory.Config, error) {
	ar := txtar.Parse(fixture)
	m := newMemFS()
	cfg := inventory.Config{FS: m, Now: fixtureTime}
	if err := header(&cfg, string(ar.Comment)); err != nil {
		return inventory.Config{}, err
	}
	probes := prober{}
	for _, f := range ar.Files {
		name, attrs, err := fileHeader(f.Name)
		if err != nil {
			return inventory.Config{}, err
		}
		if probe, ok := strings.CutPrefix(name, "@probe/"); ok {
			probes[probe] = f.Data
			cfg.Prober = probes
			continue
		}
		if name == "@registry" {
			if cfg.Registry, err = parseRegistry(f.Data); err != nil {
				return inventory.Config{}, fmt.Errorf("@registry: %w", err)
			}
			continue
		}
		n, err := newNode(f.Data, attrs)
		if err != nil {
			return inventory.Config{}, fmt.Errorf("%s: %w", name, err)
		}
		if !filetree.ValidName(name) {
			return inventory.Config{}, fmt.Errorf("%q is not a name in a tree", name)
		}
		m.put(name, n)
	}
	return cfg, nil
}

func header(cfg *inventory.Config, comment string) error {
	for line := range strings.Lines(comment) {
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		key, value, _ := strings.Cut(line, ":")
		value = strings.TrimSpace(value)
		var err error
		switch key {
		case "now":
			cfg.Now, err = time.Parse(time.RFC3339, value)
		case "os":
			cfg.Platform.OS = value
		case "live":
			cfg.Live, err = strconv.ParseBool(value)
		default:
			err = fmt.Errorf("unknown line %q; a comment begins with #", line)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// fileHeader splits a header line into the name and the attributes.
func fileHeader(h string) (string, []string, error) {
	if strings.HasPrefix(h, `"`) {
		quoted, err := strconv.QuotedPrefix(h)
		if err != nil {
			return "", nil, fmt.Errorf("%s: %w", h, err)
		}
		name, err := strconv.Unquote(quoted)
		return name, strings.Fields(h[len(quoted):]), err
	}
	f := strings.Fields(h)
	if len(f) == 0 {
		return "", nil, fmt.Errorf("a file without a name")
	}
	return f[0], f[1:], nil
}

var kinds = map[string]fs.FileMode{
	"dir": fs.ModeDir | 0o755, "fifo": fs.ModeNamedPipe | 0o644,
	"socket": fs.ModeSocket | 0o644, "device": fs.ModeDevice | fs.ModeCharDevice | 0o644,
}

var faultNames = map[string]error{"EACCES": syscall.EACCES, "EIO": syscall.EIO, "ENOENT": syscall.ENOENT}

func newNode(data []byte, attrs []string) (*node, error) {
	n := &node{mode: 0o644, data: data, mtime: fixtureTime}
	for _, a := range attrs {
		if err := n.set(a); err != nil {
			return nil, fmt.Errorf("%s: %w", a, err)
		}
	}
	return n, nil
}

func (n *node) set(attr string) (err error) {
	if kind, ok := kinds[attr]; ok {
		n.mode = kind
		return nil
	}
	key, value, _ := strings.Cut(attr, "=")
	switch {
	case key == "mode":
		var bits uint64
		bits, err = strconv.ParseUint(value, 8, 12)
		n.mode = n.mode.Type() | permissions(uint32(bits))
	case key == "owner":
		_, err = fmt.Sscanf(value, "%d:%d", &n.sys.UID, &n.sys.GID)
	case key == "mtime":
		n.mtime, err = time.Parse(time.RFC3339, value)
	case key == "size":
		n.size, err = strconv.ParseInt(value, 10, 64)
	case key == "link":
		n.link, n.mode = value, fs.ModeSymlink|0o777
	case key == "error":
		if n.err = faultNames[value]; n.err == nil {
			err = fmt.Errorf("want one of EACCES, EIO, ENOENT")
		}
	case strings.HasPrefix(key, "xattr."):
		if n.attrs == nil {
			n.attrs = map[string][]byte{}
		}
		n.attrs[strings.TrimPrefix(key, "xattr.")], err = hex.DecodeString(value)
	default:
		err = fmt.Errorf("unknown attribute")
	}
	return err
}

// permissions converts the low twelve bits of st_mode.
func permissions(bits uint32) fs.FileMode {
	m := fs.FileMode(bits & 0o777)
	for bit, flag := range map[uint32]fs.FileMode{0o4000: fs.ModeSetuid, 0o2000: fs.ModeSetgid, 0o1000: fs.ModeSticky} {
		if bits&bit != 0 {
			m |= flag
		}
	}
	return m
}
