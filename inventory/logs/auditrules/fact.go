package auditrules

import (
	"context"
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/filetree"
	"github.com/hardening-sdk/hardening/inventory/services/systemd"
)

const (
	folder    = "etc/audit/rules.d"
	generated = "etc/audit/audit.rules"
)

var programs = []string{"usr/sbin/auditctl", "sbin/auditctl"}

// Fact is the rules that are loaded when the system boots. Where auditctl is not installed the
// answer is [inventory.ErrAbsent]; without systemd it is not known which files count:
// [inventory.ErrUnavailable]. Lines of which it is not known what auditctl makes of them are an
// error.
var Fact = inventory.NewFact("audit.rules", collect)

func collect(ctx context.Context, s *inventory.System) (*Rules, error) {
	if there, err := first(ctx, s, programs); err != nil || there == "" {
		return nil, errOr(err, fmt.Errorf("no auditctl: %w", inventory.ErrAbsent))
	}
	units, err := systemd.Fact.Of(ctx, s)
	if errors.Is(err, inventory.ErrAbsent) {
		return nil, fmt.Errorf("without systemd it is not known which rules are loaded: %w", inventory.ErrUnavailable)
	}
	if err != nil {
		return nil, err
	}
	loader, from := loads(units)
	if loader == "" {
		return &Rules{Controls: map[string]inventory.Setting{}}, nil
	}
	m, err := machineOf(ctx, s)
	if err != nil {
		return nil, err
	}
	all, stale, err := deciding(ctx, s, from)
	if err != nil {
		return nil, err
	}
	r, err := load(all, m, func(x *Rule) error { return placed(ctx, s, x) })
	if err != nil {
		return nil, err
	}
	r.Loader, r.Stale = loader, stale && s.Live()
	for _, l := range all {
		if !slices.Contains(r.Files, l.source) {
			r.Files = append(r.Files, l.source)
		}
	}
	return r, nil
}

func errOr(err, other error) error {
	if err != nil {
		return err
	}
	return other
}

// first answers the first of some names that is there, "" where none is.
func first(ctx context.Context, s *inventory.System, names []string) (string, error) {
	for _, name := range names {
		if _, err := s.Stat(ctx, name); err == nil {
			return name, nil
		} else if !inventory.IsAbsent(err, name) {
			return "", err
		}
	}
	return "", nil
}

func machineOf(ctx context.Context, s *inventory.System) (machine, error) {
	for _, l := range loaders {
		if there, err := first(ctx, s, []string{l.file}); err != nil || there != "" {
			return l.machine, err
		}
	}
	return "", nil
}

// loads answers the unit that loads the rules at boot and the file that it loads, the
// folder where it runs augenrules.
func loads(units *systemd.Units) (loader, from string) {
	for _, name := range []string{"audit-rules.service", "auditd.service"} {
		u, ok := units.Unit(name)
		if !ok || !units.StartsAtBoot(name) {
			continue
		}
		for _, key := range []string{"ExecStartPre", "ExecStart", "ExecStartPost"} {
			for _, v := range u.Values("Service", key) {
				if from := command(v.Text); from != "" {
					return name, from
				}
			}
		}
	}
	return "", ""
}

// command answers what a command line loads, "" where it loads nothing.
func command(text string) string {
	all, _ := systemd.ParseCommand(text) // what cannot be parsed is not run
	for _, c := range all {
		switch path.Base(c.Path) {
		case "augenrules":
			if slices.Contains(c.Args, "--load") {
				return folder
			}
		case "auditctl":
			for i, a := range c.Args {
				if a == "-R" && i+1 < len(c.Args) {
					return strings.TrimPrefix(path.Clean(c.Args[i+1]), "/")
				}
			}
		}
	}
	return ""
}

// deciding answers the lines that are loaded, and whether the generated file has others.
func deciding(ctx context.Context, s *inventory.System, from string) ([]line, bool, error) {
	var files []file
	if from == folder {
		entries, err := s.ReadDir(ctx, folder)
		switch {
		case inventory.IsAbsent(err, folder):
			from = generated // augenrules then loads what there is
		case err != nil:
			return nil, false, err
		default:
			var names []string
			for _, e := range entries {
				names = append(names, e.Name())
			}
			files, err := readFolder(ctx, s, names)
			if err != nil {
				return nil, false, err
			}
			all, err := merge(lines(files))
			if err != nil {
				return nil, false, err
			}
			stale, err := differs(ctx, s, all)
			return all, stale, err
		}
	}
	b, err := s.ReadFile(ctx, from)
	if inventory.IsAbsent(err, from) {
		return nil, false, nil
	}
	if err != nil {
		return nil, false, err
	}
	files = []file{{from, b}}
	return lines(files), false, nil
}

func readFolder(ctx context.Context, s *inventory.System, names []string) ([]file, error) {
	names = slices.DeleteFunc(names, func(n string) bool { return !strings.HasSuffix(n, ".rules") || n[0] == '.' })
	slices.SortFunc(names, versionOrder)
	var files []file
	for _, n := range names {
		if strings.ContainsAny(n, " \t\n*?[\\") {
			return nil, fmt.Errorf("%s: a name that augenrules takes apart", folder+"/"+n)
		}
		b, err := s.ReadFile(ctx, folder+"/"+n)
		if inventory.IsAbsent(err, folder+"/"+n) { // a dangling link
			continue
		}
		if err != nil {
			return nil, err
		}
		files = append(files, file{folder + "/" + n, b})
	}
	return files, nil
}

// differs reports whether the generated file has other lines than augenrules would make.
func differs(ctx context.Context, s *inventory.System, want []line) (bool, error) {
	b, err := s.ReadFile(ctx, generated)
	if inventory.IsAbsent(err, generated) {
		return true, nil
	}
	if err != nil {
		return false, err
	}
	got := lines([]file{{generated, b}})
	got = slices.DeleteFunc(got, func(l line) bool {
		l.text = strings.TrimLeft(l.text, " ")
		return l.text == "" || l.text[0] == '#'
	})
	return !slices.EqualFunc(got, want, func(a, b line) bool { return a.text == b.text }), nil
}

// placed makes a watch that of a folder where it is one, and says why the kernel would not
// take the rule: a folder that is not there.
func placed(ctx context.Context, s *inventory.System, x *Rule) error {
	for i, f := range x.Fields {
		name := clean(f.Value)
		if f.Compare || f.Op != "=" || f.Name != "dir" && f.Name != "path" || name == "" {
			continue
		}
		if !filetree.ValidName(name) {
			return refused{errors.New("no path")}
		}
		info, err := s.Stat(ctx, name)
		switch {
		case err == nil:
			if x.watch && info.IsDir() {
				x.Fields[i].Name = "dir"
			}
		case errors.Is(err, inventory.ErrNotLive) || passing(name):
			// made when the system runs
		case !inventory.IsAbsent(err, name):
			return err
		case f.Name == "dir":
			return refused{errors.New("the folder is not there")}
		default:
			if up := path.Dir(name); up != "." {
				if _, err := s.Stat(ctx, up); inventory.IsAbsent(err, up) {
					return refused{errors.New("the folder of the file is not there")}
				} else if err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// passing reports whether a path is of files that do not outlive a boot.
func passing(name string) bool {
	top, _, _ := strings.Cut(name, "/")
	return slices.Contains([]string{"run", "proc", "sys", "dev", "tmp"}, top)
}
