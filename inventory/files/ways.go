package files

import (
	"context"
	"fmt"
	"path"
	"strings"

	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/filetree"
)

// Ways finds the ways to names, path_resolution(7). It looks at each part once, and so belongs to
// one handle of a system and one goroutine. The zero value is ready.
type Ways struct{ seen map[string]looked }

// looked is what was found under a name without following a link.
type looked struct {
	file   File
	target string // of a link
	there  bool
}

// Find returns all that the way to a name leads over: the root of the tree, folders, links, and at
// the end the file itself. There is false where the way ends before the name does, since a part of
// it does not exist or is no folder.
func (w *Ways) Find(ctx context.Context, s *inventory.System, name string) (way []File, there bool, err error) {
	root, err := w.look(ctx, s, ".")
	if err != nil {
		return nil, false, err
	}
	way = []File{root.file}
	at, rest, links := "", path.Clean("/" + name)[1:], 0
	for rest != "" {
		next := ""
		if at, next, rest = step(at, rest); next == "" {
			continue
		}
		l, err := w.look(ctx, s, next)
		if err != nil {
			return nil, false, err
		}
		if !l.there {
			return way, false, w.confirm(ctx, s, path.Clean("/" + name)[1:])
		}
		way = append(way, l.file)
		switch {
		case l.file.IsLink():
			if links++; links > maxLinks {
				return nil, false, fmt.Errorf("%s: %w", name, errLinks)
			}
			if strings.HasPrefix(l.target, "/") {
				at = ""
			}
			rest = l.target + "/" + rest
		case l.file.Mode.IsDir():
			at = next
		case strings.Trim(rest, "/") != "":
			return way, false, nil
		default:
			return way, true, nil
		}
	}
	return way, true, nil
}

// confirm returns an error where a name exists whose way ends early.
func (w *Ways) confirm(ctx context.Context, s *inventory.System, name string) error {
	_, err := Follow(ctx, s, name)
	switch {
	case err == nil:
		return fmt.Errorf("%s: %w", name, filetree.ErrChanged)
	case inventory.IsAbsent(err, name):
		return nil
	}
	return err
}

// Real returns the name behind all links, and the last part of the way where it ends early.
func (w *Ways) Real(ctx context.Context, s *inventory.System, name string) (real string, there bool, err error) {
	way, there, err := w.Find(ctx, s, name)
	if err != nil {
		return "", false, err
	}
	return way[len(way)-1].Name, there, nil
}

// look looks at a name once.
func (w *Ways) look(ctx context.Context, s *inventory.System, name string) (looked, error) {
	if l, ok := w.seen[name]; ok {
		return l, nil
	}
	f, err := Look(ctx, s, name)
	l := looked{file: f, there: err == nil}
	switch {
	case inventory.IsAbsent(err, name):
	case err != nil:
		return looked{}, err
	case f.IsLink():
		if l.target, err = ReadTarget(ctx, s, name); err != nil {
			return looked{}, err
		}
	}
	if w.seen == nil {
		w.seen = map[string]looked{}
	}
	w.seen[name] = l
	return l, nil
}
