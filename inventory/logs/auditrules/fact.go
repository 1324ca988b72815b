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

// Fact is the rules that are loaded when the system boots. The error is [inventory.ErrAbsent] if
// auditctl is not installed, and [inventory.ErrUnavailable] without systemd, since it is then not
// known which files count. A line is an error if it is not known what auditctl makes of it.
var Fact = inventory.NewFact("audit.rules", collect)

// collect finds the unit that loads the rules, the lines that it loads, and the rules of these.
func collect(ctx context.Context, s *inventory.System) (*Rules, error) {
	if there, err := findFirst(ctx, s, programs); err != nil || there == "" {
		return nil, errOr(err, fmt.Errorf("no auditctl: %w", inventory.ErrAbsent))
	}
	units, err := systemd.Fact.Of(ctx, s)
	if errors.Is(err, inventory.ErrAbsent) {
		return nil, fmt.Errorf("without systemd it is not known which rules are loaded: %w", inventory.ErrUnavailable)
	}
	if err != nil {
		return nil, err
	}
	loader, from, err := findLoader(units)
	if err != nil {
		return nil, err
	}
	if loader == "" {
		return &Rules{Controls: map[string]inventory.Setting{}}, nil
	}
	m, err := findMachine(ctx, s)
	if err != nil {
		return nil, err
	}
	all, whole, stale, err := readLines(ctx, s, from)
	if err != nil {
		return nil, err
	}
	r, err := load(all, m, func(x *Rule) error { return checkFiles(ctx, s, x) })
	if err != nil {
		return nil, err
	}
	r.Loader, r.Stale = loader, stale && s.Live()
	if whole != "" {
		r.Files = []string{whole}
	}
	seen := map[string]bool{whole: true}
	for _, l := range all {
		if !seen[l.source] {
			seen[l.source] = true
			r.Files = append(r.Files, l.source)
		}
	}
	return r, nil
}

// errOr returns err, or other if err is nil.
func errOr(err, other error) error {
	if err != nil {
		return err
	}
	return other
}

// findFirst returns the first of some names that exists, or "".
func findFirst(ctx context.Context, s *inventory.System, names []string) (string, error) {
	for _, name := range names {
		if _, err := s.Stat(ctx, name); err == nil {
			return name, nil
		} else if !inventory.IsAbsent(err, name) {
			return "", err
		}
	}
	return "", nil
}

// findMachine returns the machine that the programs of the system are built for, by its dynamic
// loader, or "" if that is not known.
func findMachine(ctx context.Context, s *inventory.System) (machine, error) {
	for _, l := range loaders {
		if there, err := findFirst(ctx, s, []string{l.file}); err != nil || there != "" {
			return l.machine, err
		}
	}
	return "", nil
}

// findLoader returns the unit that loads the rules at boot, and the file that it loads. The file is
// the folder of rules if the unit runs augenrules. Both are "" if no unit loads rules.
func findLoader(units *systemd.Units) (loader, from string, err error) {
	for _, name := range []string{"audit-rules.service", "auditd.service"} {
		u, ok := units.Unit(name)
		if !ok {
			continue
		}
		if runs, err := units.Runs(name); err != nil {
			return "", "", err
		} else if !runs {
			continue
		}
		for _, key := range []string{"ExecStartPre", "ExecStart", "ExecStartPost"} {
			for _, v := range u.Values("Service", key) {
				if from := findLoaded(v.Text); from != "" {
					return name, from, nil
				}
			}
		}
	}
	return "", "", nil
}

// findLoaded returns the file or folder that a command line loads, or "".
func findLoaded(text string) string {
	all, _ := systemd.ParseCommand(text) // systemd does not run what it cannot parse
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

// readLines returns the lines that are loaded. whole is the file that is loaded as it is, if it has
// any text. stale reports whether the generated file has others.
func readLines(
	ctx context.Context, s *inventory.System, from string,
) (all []line, whole string, stale bool, err error) {
	if from == folder {
		entries, err := s.ReadDir(ctx, folder)
		switch {
		case inventory.IsAbsent(err, folder):
			from = generated // augenrules loads the file that there is
		case err != nil:
			return nil, "", false, err
		default:
			var names []string
			for _, e := range entries {
				names = append(names, e.Name())
			}
			all, stale, err := readMerged(ctx, s, names)
			return all, "", stale, err
		}
	}
	b, err := s.ReadText(ctx, from)
	if inventory.IsAbsent(err, from) || err == nil && len(b) == 0 {
		return nil, "", false, nil
	}
	if err != nil {
		return nil, "", false, err
	}
	all, err = splitLines([]file{{from, b}})
	return all, from, false, err
}

// readMerged returns the lines that augenrules makes of the files in the folder. stale reports
// whether the generated file has others.
func readMerged(ctx context.Context, s *inventory.System, names []string) (all []line, stale bool, err error) {
	files, err := readFolder(ctx, s, names)
	if err != nil {
		return nil, false, err
	}
	if all, err = splitLines(files); err != nil {
		return nil, false, err
	}
	if all, err = merge(all); err != nil {
		return nil, false, err
	}
	stale, err = differs(ctx, s, all)
	return all, stale, err
}

// readFolder reads the files of the folder in the order of augenrules.
func readFolder(ctx context.Context, s *inventory.System, names []string) ([]file, error) {
	names = slices.DeleteFunc(names, func(n string) bool { return !strings.HasSuffix(n, ".rules") || n[0] == '.' })
	slices.SortFunc(names, compareVersions)
	var files []file
	for _, n := range names {
		if strings.ContainsAny(n, " \t\n*?[\\") {
			return nil, fmt.Errorf("%s: a name that augenrules takes apart", folder+"/"+n)
		}
		b, err := s.ReadText(ctx, folder+"/"+n)
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
	b, err := s.ReadText(ctx, generated)
	if inventory.IsAbsent(err, generated) {
		return true, nil
	}
	if err != nil {
		return false, err
	}
	got, err := splitLines([]file{{generated, b}})
	if err != nil {
		return false, err
	}
	got = slices.DeleteFunc(got, func(l line) bool {
		l.text = strings.TrimLeft(l.text, " ")
		return l.text == "" || l.text[0] == '#'
	})
	return !slices.EqualFunc(got, want, func(a, b line) bool { return a.text == b.text }), nil
}

// checkFiles looks at the files that a rule names. A watch of a folder gets the field dir. The
// error is a refusal if the kernel refuses the rule because a folder does not exist.
func checkFiles(ctx context.Context, s *inventory.System, x *Rule) error {
	for i, f := range x.Fields {
		name := cleanPath(f.Value)
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
		case errors.Is(err, inventory.ErrNotLive) || isVolatile(name):
			// the file is made when the system runs
		case !inventory.IsAbsent(err, name):
			return err
		case f.Name == "dir":
			return refused{errors.New("the folder is not there")}
		default:
			if err := checkFolderOf(ctx, s, name); err != nil {
				return err
			}
		}
	}
	return nil
}

// checkFolderOf returns an error if the folder of a missing file does not exist.
func checkFolderOf(ctx context.Context, s *inventory.System, name string) error {
	up := path.Dir(name)
	if up == "." {
		return nil
	}
	_, err := s.Stat(ctx, up)
	if inventory.IsAbsent(err, up) {
		return refused{errors.New("the folder of the file is not there")}
	}
	return err
}

// isVolatile reports whether the files at a path do not outlive a boot.
func isVolatile(name string) bool {
	top, _, _ := strings.Cut(name, "/")
	return slices.Contains([]string{"run", "proc", "sys", "dev", "tmp"}, top)
}
