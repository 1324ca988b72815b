package shellrc

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
	"github.com/hardening-sdk/hardening/internal/vendored"
	"github.com/hardening-sdk/hardening/inventory"
)

const (
	main   = "etc/profile"
	folder = "etc/profile.d"
)

// File returns the statements of a start file, such as etc/profile and root/.profile, in the order in
// which a login shell runs them. Files that it includes by a plain path, or by a loop over
// etc/profile.d, are included. Without the file there are none.
var File = inventory.NewKeyed("start file", collectFile)

func collectFile(ctx context.Context, s *inventory.System, name string) ([]Statement, error) {
	r := &reader{ctx: ctx, s: s, files: map[string][]Statement{}, globs: map[string][]string{}}
	_, _, err := vendored.Read(name, r.open, inventory.IsAbsent)
	if inventory.IsAbsent(err, name) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	if _, mine := r.files[name]; !mine {
		name = "usr/" + name
	}
	if err := r.follow(name, false, nil); err != nil {
		return nil, err
	}
	return r.out, nil
}

const (
	maxDepth      = 10
	maxStatements = 100_000
)

// reader collects statements from files. It reads each file once.
type reader struct {
	ctx   context.Context
	s     *inventory.System
	out   []Statement
	left  budget.Budget
	files map[string][]Statement
	globs map[string][]string // the names that a pattern matches
}

// open returns the statements of a file. Those of one that was read before are taken of the budget
// again.
func (r *reader) open(name string) ([]Statement, error) {
	if all, ok := r.files[name]; ok {
		return all, r.left.Items(len(all))
	}
	all, err := inventory.ParseOnce(r.ctx, r.s, name, func(b []byte) ([]Statement, error) { return parse(b, &r.left) })
	if err == nil {
		r.files[name] = all
	}
	return all, err
}

// follow adds the statements of a file and of the files that it includes. chain are the files that
// are being read.
func (r *reader) follow(name string, conditional bool, chain []string) error {
	if slices.Contains(chain, name) || len(chain) >= maxDepth {
		return fmt.Errorf("%s: files take in one another", name)
	}
	taken := map[*loop]bool{} // a loop may include its file in several places
	all, err := r.open(name)
	if inventory.IsAbsent(err, name) {
		return nil
	}
	if err != nil {
		return err
	}
	chain = append(chain[:len(chain):len(chain)], name)
	for _, s := range all {
		s.Source = name
		s.Conditional = s.Conditional || conditional
		switch s.What {
		case Return:
			// After a conditional end the rest of the file is conditional.
			if !s.Conditional {
				return nil
			}
			conditional = conditional || s.Func == ""
		case Include:
			if s.loop != nil && taken[s.loop] {
				continue
			}
			taken[s.loop] = true
			if err := r.include(s, chain); errors.Is(err, budget.ErrLimit) {
				return fmt.Errorf("%s: %w", s.Place(), err)
			} else if err != nil {
				return err
			}
		default:
			r.out = budget.Append(r.out, s)
		}
		if len(r.out) > maxStatements {
			return fmt.Errorf("%s: more than %d statements: %w", name, maxStatements, inventory.ErrLimit)
		}
	}
	return nil
}

// include adds the files of an Include statement.
func (r *reader) include(s Statement, chain []string) error {
	var names []string
	if s.loop != nil {
		for _, w := range s.loop.words {
			more, err := r.listFiles(w)
			if err != nil {
				return err
			}
			names = append(names, more...)
		}
	} else if s.Value.Known() && strings.HasPrefix(string(s.Value), "/") {
		names = []string{strings.TrimPrefix(path.Clean(string(s.Value)), "/")}
	}
	for _, name := range names {
		if slices.Contains(chain, name) {
			continue // such as a loop over etc/profile.d in one of its files
		}
		if err := r.left.Include(); err != nil {
			return err
		}
		if err := r.follow(name, s.Conditional, chain); err != nil {
			return err
		}
	}
	return nil
}

// listed matches the names that run-parts(8) in Debian's etc/profile accepts.
var listed = regexp.MustCompile(`^[a-zA-Z0-9_][a-zA-Z0-9._-]*\.sh$`)

// listFiles returns the files that a word of a loop stands for.
func (r *reader) listFiles(w token) ([]string, error) {
	text := string(w.word)
	parts := strings.Contains(w.raw, "run-parts") && strings.Contains(w.raw, "/"+folder)
	switch {
	case parts:
		text = "/" + folder + "/*.sh"
	case !w.word.Known() || !strings.HasPrefix(text, "/"):
		return nil, nil
	}
	text = strings.TrimPrefix(path.Clean(text), "/")
	key := fmt.Sprint(parts, text)
	if names, ok := r.globs[key]; ok {
		return names, nil
	}
	if err := r.left.Include(); err != nil {
		return nil, err
	}
	names, err := r.s.Glob(r.ctx, text)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	if parts {
		names = slices.DeleteFunc(names, func(n string) bool { return !listed.MatchString(path.Base(n)) })
	}
	r.globs[key] = names
	return names, nil
}
