package sshd

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"strings"

	"github.com/hardening-sdk/hardening/internal/shellvar"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/dpkg"
)

const (
	server = "usr/sbin/sshd"
	folder = "etc/ssh"
	config = "etc/ssh/sshd_config"
)

// Fact is the configuration of the system's OpenSSH server. A system without
// usr/sbin/sshd answers [inventory.ErrAbsent].
//
// The options of the service are those of etc/default/ssh (SSHD_OPTS) and
// etc/sysconfig/sshd (OPTIONS, CRYPTO_POLICY); a file of crypto-policies(7) that sets
// CRYPTO_POLICY counts as well.
var Fact = inventory.NewFact("sshd", func(ctx context.Context, s *inventory.System) (*Config, error) {
	if _, err := s.Stat(ctx, server); inventory.IsAbsent(err, server) {
		return nil, fmt.Errorf("no OpenSSH server: %w", inventory.ErrAbsent)
	} else if err != nil {
		return nil, err
	}
	c := &Config{general: map[string]Setting{}, matched: map[string][]Setting{}}
	var err error
	if c.Version, c.Revision, err = version(ctx, s); err != nil {
		return nil, err
	}
	if c.Version == (Version{}) {
		c.unsure = fmt.Errorf("the version of OpenSSH is not known: %w", inventory.ErrUnavailable)
	}
	opts, err := serviceOptions(ctx, s)
	if err != nil {
		return nil, err
	}
	if opts.unknown != "" {
		c.unsure = fmt.Errorf("%s has an option that is not understood: %w", opts.unknown, inventory.ErrUnavailable)
	}
	main, err := read(ctx, s, opts.config)
	if err != nil {
		return nil, err
	}
	r := &reader{c: c, blocks: map[string]bool{}, include: func(pattern string) ([]file, error) { return included(ctx, s, pattern) }}
	for _, f := range opts.lines {
		r.follow(f, state{active: true})
	}
	r.follow(main, state{active: true})
	return c, errors.Join(r.errs...)
})

// version answers the version of the server: that of Debian's package, else what the file
// itself says.
func version(ctx context.Context, s *inventory.System) (Version, string, error) {
	pkgs, err := dpkg.Fact.Of(ctx, s)
	if err != nil && !errors.Is(err, inventory.ErrAbsent) {
		return Version{}, "", err
	}
	for _, p := range pkgs {
		if p.Name == "openssh-server" && p.Present() {
			_, upstream, ok := strings.Cut(p.Version, ":")
			if !ok {
				upstream = p.Version
			}
			v, _ := ParseVersion(upstream)
			_, revision, _ := strings.Cut(upstream, "-")
			return v, revision, nil
		}
	}
	b, err := s.ReadFile(ctx, server)
	if err != nil {
		return Version{}, "", err
	}
	v, _ := findVersion(b)
	return v, "", nil
}

func read(ctx context.Context, s *inventory.System, name string) (file, error) {
	lines, err := inventory.ParseFile(ctx, s, name, Parse)
	return file{name, lines}, err
}

// included answers the files that a pattern of Include means, in the order of their names.
// A pattern that nothing matches means none.
func included(ctx context.Context, s *inventory.System, pattern string) ([]file, error) {
	full := strings.TrimPrefix(path.Clean(pattern), "/")
	if !strings.HasPrefix(pattern, "/") {
		full = path.Join(folder, pattern)
	}
	names, err := s.Glob(ctx, full)
	if err != nil {
		return nil, err
	}
	var all []file
	var errs []error
	for _, name := range names {
		f, err := read(ctx, s, name)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		all = append(all, f)
	}
	return all, errors.Join(errs...)
}

// options are what the service hands to the server.
type options struct {
	config  string
	lines   []file // of -o, which come before the file
	unknown string // the file with an option that is not understood
}

// environments are the files with the options of the service and the variables that hold
// them.
var environments = []struct {
	file      string
	variables []string
}{
	{"etc/default/ssh", []string{"SSHD_OPTS"}},
	{"etc/sysconfig/sshd", []string{"OPTIONS", "CRYPTO_POLICY"}},
	{"etc/crypto-policies/back-ends/opensshserver.config", []string{"CRYPTO_POLICY"}},
}

func serviceOptions(ctx context.Context, s *inventory.System) (options, error) {
	o := options{config: config}
	for _, e := range environments {
		b, err := s.ReadFile(ctx, e.file)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return o, err
		}
		vars, _ := shellvar.Parse(b)
		for _, want := range e.variables {
			for _, v := range vars {
				if v.Key == want {
					o.add(e.file, v)
				}
			}
		}
	}
	return o, nil
}

// The options of sshd(8) that change no directive, without and with an argument.
const plain, withArgument = "46deiqtDT", "bCcEghku"

// add takes the options that a variable holds.
func (o *options) add(source string, v shellvar.Var) {
	args, err := words(v.Value)
	if err != nil {
		o.unknown = source
		return
	}
	for i := 0; i < len(args); i++ {
		a := args[i]
		if len(a) < 2 || a[0] != '-' {
			o.unknown = source
			return
		}
		value := a[2:]
		takes := strings.IndexByte("ofp"+withArgument, a[1]) >= 0
		if takes && value == "" {
			if i++; i == len(args) {
				o.unknown = source
				return
			}
			value = args[i]
		}
		switch {
		case a[1] == 'f':
			o.config = strings.TrimPrefix(path.Clean(value), "/")
		case a[1] == 'p':
			o.line(source, v.Line, "Port "+value)
		case a[1] == 'o':
			o.line(source, v.Line, value)
		case takes || strings.Trim(a[1:], plain) == "":
		default:
			o.unknown = source
		}
	}
}

func (o *options) line(source string, at int, text string) {
	lines, err := Parse([]byte(text))
	if err != nil || len(lines) != 1 {
		o.unknown = source
		return
	}
	lines[0].Line = at
	o.lines = append(o.lines, file{source, lines})
}
