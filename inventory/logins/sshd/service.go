package sshd

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/hardening-sdk/hardening/internal/budget"
	"github.com/hardening-sdk/hardening/internal/shellvar"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/services/systemd"
)

// options are the options that the service passes to the server.
type options struct {
	config  string // the path of the configuration file
	lines   []file // the lines of -o and the like, which come before the file
	unknown string // a file with an option that is not understood; empty where there is none
	waiting byte   // an option that still needs its argument, or 0
	left    *budget.Budget
	err     error // the budget is used up
}

// serviceUnits are the names of the service in distributions. The templates are for a socket that
// starts a server for each connection.
var serviceUnits = []string{"ssh.service", "sshd.service", "ssh@.service", "sshd@.service"}

// readServiceOptions returns the options of the units, else those of init scripts. Options are
// unknown where units differ, or start another program.
func readServiceOptions(ctx context.Context, s *inventory.System) (options, error) {
	units, err := systemd.Fact.Of(ctx, s)
	if errors.Is(err, inventory.ErrAbsent) {
		return readScriptOptions(ctx, s)
	}
	if err != nil {
		return options{}, err
	}
	var all []options
	var left budget.Budget
	seen := map[string]bool{}
	for _, name := range serviceUnits {
		u, ok := units.Unit(name)
		if !ok || u.Load != systemd.Loaded || seen[u.ID] {
			continue
		}
		seen[u.ID] = true
		some, err := readUnitOptions(ctx, s, u, &left)
		if err != nil {
			return options{}, err
		}
		all = append(all, some...)
	}
	if len(all) == 0 {
		return readScriptOptions(ctx, s)
	}
	// It is not known which of several units runs.
	for _, o := range all[1:] {
		if !o.isSame(all[0]) {
			all[0].unknown = "a unit that differs from others"
		}
	}
	return all[0], nil
}

// readUnitOptions returns the options of each command line of a unit.
func readUnitOptions(ctx context.Context, s *inventory.System, u *systemd.Unit, left *budget.Budget) ([]options, error) {
	var all []options
	var env map[string]setting
	for _, v := range u.Values("Service", "ExecStart") {
		commands, err := systemd.ParseCommand(v.Text)
		if err != nil {
			continue // systemd does not start it
		}
		for _, c := range commands {
			o := options{config: config, left: left}
			if path.Base(c.Path) != "sshd" {
				o.unknown = v.Source
			} else {
				if env == nil {
					if env, err = readEnvironment(ctx, s, u); err != nil {
						return nil, err
					}
				}
				o.addCommand(env, v, c.Args)
			}
			if err := left.Items(1); o.err == nil {
				o.err = err
			}
			if o.err != nil {
				return nil, fmt.Errorf("%s: %w", v.Place(), o.err)
			}
			all = budget.Append(all, o)
		}
	}
	return all, nil
}

// isSame reports whether both have the same meaning for the server.
func (o options) isSame(other options) bool {
	return o.config == other.config && o.unknown == other.unknown &&
		slices.EqualFunc(o.lines, other.lines, func(a, b file) bool {
			return slices.EqualFunc(a.lines, b.lines, func(x, y Line) bool {
				return x.Keyword == y.Keyword && slices.Equal(x.Args, y.Args)
			})
		})
}

// addCommand adds the options of a command line of the unit.
func (o *options) addCommand(env map[string]setting, v systemd.Value, args []string) {
	for _, a := range args {
		name, whole := strings.CutPrefix(a, "$")
		x, set := env[strings.Trim(name, "{}")]
		switch {
		case !strings.Contains(a, "$"):
			o.addArgs(v.Source, v.Line, a)
		case whole && variable.MatchString(name) && !set: // the word vanishes
		case whole && variable.MatchString(name): // "$NAME" is split into words
			if o.err = o.left.Expanded(len(x.Value)); o.err != nil {
				return
			}
			words, err := splitWords(x.Value, o.left)
			if errors.Is(err, budget.ErrLimit) {
				o.err = err
				return
			}
			if err != nil {
				o.unknown = x.source
				continue
			}
			o.addArgs(x.source, x.Line, words...)
		case whole && strings.HasPrefix(name, "{") && set:
			if o.err = o.left.Expanded(len(x.Value)); o.err != nil {
				return
			}
			o.addArgs(x.source, x.Line, x.Value)
		default:
			o.unknown = v.Source
		}
		if o.err != nil {
			return
		}
	}
	o.flush(v.Source)
}

// variable is the form of a variable's name.
var variable = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)

// setting is a variable and the path of the file that sets it.
type setting struct {
	shellvar.Var
	source string
}

// readEnvironment returns the variables of the service: those of Environment=, then those of its
// files. A missing file sets none.
func readEnvironment(ctx context.Context, s *inventory.System, u *systemd.Unit) (map[string]setting, error) {
	env := map[string]setting{}
	for _, v := range u.Values("Service", "Environment") {
		words, _ := systemd.Split(v.Text)
		for _, w := range words {
			if key, value, ok := strings.Cut(w, "="); ok {
				env[key] = setting{shellvar.Var{Key: key, Value: value, Line: v.Line}, v.Source}
			}
		}
	}
	for _, v := range u.Values("Service", "EnvironmentFile") {
		name := strings.TrimPrefix(path.Clean(strings.TrimPrefix(v.Text, "-")), "/")
		if err := addVariables(ctx, s, name, env); err != nil {
			return nil, err
		}
	}
	return env, nil
}

// addVariables adds the variables of a file.
func addVariables(ctx context.Context, s *inventory.System, name string, env map[string]setting) error {
	b, err := s.ReadOnce(ctx, name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	vars, odd := shellvar.Parse(b)
	if len(odd) > 0 && errors.Is(odd[0], budget.ErrLimit) {
		return fmt.Errorf("%s: %w", name, odd[0])
	}
	for _, x := range vars {
		env[x.Key] = setting{x, name}
	}
	return nil
}

// scripts are the files of init scripts, and the variables with the options.
var scripts = []struct{ file, variable string }{
	{"etc/default/ssh", "SSHD_OPTS"}, {"etc/sysconfig/sshd", "OPTIONS"}, {"etc/conf.d/sshd", "SSHD_OPTS"},
}

// readScriptOptions returns the options that init scripts pass. A shell reads their files, so
// options are unknown where a line is not a plain assignment, or a value has expansions.
func readScriptOptions(ctx context.Context, s *inventory.System) (options, error) {
	o := options{config: config, left: &budget.Budget{}}
	for _, e := range scripts {
		b, err := s.ReadOnce(ctx, e.file)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return o, err
		}
		// The last assignment counts.
		var x shellvar.Var
		for v, err := range shellvar.Shell(b) {
			if err != nil {
				o.unknown = e.file
			} else if v.Key == e.variable {
				x = v
			}
		}
		words, err := splitWords(x.Value, o.left)
		if errors.Is(err, budget.ErrLimit) {
			return o, fmt.Errorf("%s:%d: %w", e.file, x.Line, err)
		}
		if err != nil || strings.ContainsAny(x.Value, "$`*?[") { // the script does not quote it
			o.unknown = e.file
			continue
		}
		if o.addArgs(e.file, x.Line, words...); o.err != nil {
			return o, fmt.Errorf("%s:%d: %w", e.file, x.Line, o.err)
		}
		o.flush(e.file)
	}
	return o, nil
}

// plain and withArgument are the options of sshd(8) that change no directive.
const plain, withArgument = "46deiqtDT", "bCcEghku"

// addArgs adds the options in arguments. An option at the end that needs an argument takes it from
// the next call.
func (o *options) addArgs(source string, line int, args ...string) {
	for _, a := range args {
		if o.waiting != 0 {
			option := o.waiting
			o.waiting = 0
			o.addOption(source, line, option, a)
			continue
		}
		if len(a) < 2 || a[0] != '-' {
			o.unknown = source
			continue
		}
		o.addCluster(source, line, a[1:])
	}
}

// addCluster adds the options in the characters after one "-", as getopt(3) does: options without
// an argument, of which the last may be one with it.
func (o *options) addCluster(source string, line int, s string) {
	for i := range len(s) {
		switch {
		case strings.IndexByte(plain, s[i]) >= 0:
		case strings.IndexByte("ofp"+withArgument, s[i]) < 0:
			o.unknown = source
			return
		case i+1 == len(s):
			o.waiting = s[i]
			return
		default:
			o.addOption(source, line, s[i], s[i+1:])
			return
		}
	}
}

// addOption adds one option with its argument.
func (o *options) addOption(source string, line int, option byte, value string) {
	switch option {
	case 'f':
		o.config = strings.TrimPrefix(path.Clean(value), "/")
	case 'p':
		o.addLine(source, line, "Port "+value)
	case 'h':
		o.addLine(source, line, "HostKey "+value)
	case 'o':
		o.addLine(source, line, value)
	}
}

// flush ends a command line.
func (o *options) flush(source string) {
	if o.waiting != 0 {
		o.unknown, o.waiting = source, 0
	}
}

// addLine adds an option as a line of configuration.
func (o *options) addLine(source string, at int, text string) {
	lines, err := parse([]byte(text), o.left, true)
	if errors.Is(err, budget.ErrLimit) {
		o.err = err
		return
	}
	if err != nil || len(lines) != 1 {
		o.unknown = source
		return
	}
	lines[0].Line = at
	o.lines = budget.Append(o.lines, file{source, lines})
}
