package files

import (
	"context"
	"errors"
	"fmt"
	"path"
	"strings"

	"github.com/hardening-sdk/hardening/inventory"
)

// maxLinks is the number of links that a name may lead through on Linux, path_resolution(7).
const maxLinks = 40

var errLinks = errors.New("too many links on the way")

// FindWay returns the folders on the way to a name and the file that the name leads to, with those
// that links on the way lead to. Whoever may change one of them can replace the file. The root of
// the tree and the links themselves are left out. The way ends before a part that does not exist.
func FindWay(ctx context.Context, s *inventory.System, name string) ([]string, error) {
	var all []string
	at, rest, links := "", path.Clean(name), 0
	for rest != "" {
		next := ""
		if at, next, rest = step(at, rest); next == "" {
			continue
		}
		f, err := Look(ctx, s, next)
		if inventory.IsAbsent(err, next) {
			return all, nil
		}
		if err != nil {
			return nil, err
		}
		if !f.IsLink() {
			all, at = append(all, next), next
			continue
		}
		if links++; links > maxLinks {
			return nil, fmt.Errorf("%s: %w", name, errLinks)
		}
		target, err := ReadTarget(ctx, s, next)
		if err != nil {
			return nil, err
		}
		if strings.HasPrefix(target, "/") {
			at = ""
		}
		rest = target + "/" + rest
	}
	return all, nil
}

// step takes the first part off rest, the path that is left in the folder at. It returns the name
// of the part in the tree, or "" if the part is "..", "." or empty.
func step(at, rest string) (folder, next, left string) {
	part, left, _ := strings.Cut(rest, "/")
	switch part {
	case "", ".":
		return at, "", left
	case "..":
		if at = path.Dir(at); at == "." {
			at = ""
		}
		return at, "", left
	}
	if at == "" {
		return at, part, left
	}
	return at, at + "/" + part, left
}
