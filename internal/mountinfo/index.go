package mountinfo

import (
	"slices"
	"strings"
)

// Node is a folder that is a mount point or lies above one. All other folders have
// no node: a walk that carries a node knows by a nil that there is nothing to ask.
type Node struct {
	// Mount is what is mounted here, nil for a folder on the way to others.
	Mount *Mount
	// Unseen says that another table has this mount and the one at hand has not:
	// what the folder shows is not what the other process sees.
	Unseen bool

	children map[string]*Node
}

// Index puts the mounts at and below root, a clean absolute path, into a tree with
// root on top. Of mounts on top of each other the uppermost counts; those that
// another mount hides are left out.
func Index(all []Mount, root string) *Node {
	top := &Node{}
	for _, m := range visible(all) {
		if rel, ok := below(m.Point, root); ok {
			top.grow(rel).Mount = m
		}
	}
	return top
}

// AddUnseen adds the mounts of another table, whose root is "/", that are not in n.
func (n *Node) AddUnseen(other []Mount) {
	for _, m := range visible(other) {
		rel, _ := below(m.Point, "/")
		if at := n.grow(rel); at.Mount == nil && at != n {
			at.Mount, at.Unseen = m, true
		}
	}
}

// Child returns the node of an element below n, nil when there is none. It may be
// asked of a nil node.
func (n *Node) Child(elem string) *Node {
	if n == nil {
		return nil
	}
	return n.children[elem]
}

// ChildBytes is Child without a string to be made.
func (n *Node) ChildBytes(elem []byte) *Node {
	if n == nil {
		return nil
	}
	return n.children[string(elem)]
}

// Names returns the elements below n that have nodes, sorted.
func (n *Node) Names() []string {
	if n == nil {
		return nil
	}
	names := make([]string, 0, len(n.children))
	for name := range n.children {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// Any reports whether match holds for n or any node below it.
func (n *Node) Any(match func(*Node) bool) bool {
	if n == nil {
		return false
	}
	if match(n) {
		return true
	}
	for _, c := range n.children {
		if c.Any(match) {
			return true
		}
	}
	return false
}

func (n *Node) grow(rel string) *Node {
	for elem := range strings.SplitSeq(rel, "/") {
		if elem == "" {
			continue
		}
		next := n.children[elem]
		if next == nil {
			if n.children == nil {
				n.children = map[string]*Node{}
			}
			next = &Node{}
			n.children[elem] = next
		}
		n = next
	}
	return n
}

// below returns path as seen from root.
func below(path, root string) (string, bool) {
	rest, ok := strings.CutPrefix(path, strings.TrimSuffix(root, "/"))
	if !ok || (rest != "" && rest[0] != '/') {
		return "", false
	}
	return strings.TrimPrefix(rest, "/"), true
}

// visible leaves out the mounts that another mount of the same parent hides,
// together with what sits on them: one at /a/b is hidden by one made later at /a.
func visible(all []Mount) []*Mount {
	kids := map[int][]*Mount{}
	known := map[int]bool{}
	for i := range all {
		known[all[i].ID] = true
	}
	var list []*Mount
	for i := range all {
		m := &all[i]
		if known[m.Parent] && m.Parent != m.ID {
			kids[m.Parent] = append(kids[m.Parent], m)
		} else {
			list = append(list, m)
		}
	}
	for i := 0; i < len(list); i++ {
		mine := kids[list[i].ID]
		delete(kids, list[i].ID) // numbers given twice must not multiply mounts
		// The mounts that were made later on the same parent are known when m is looked at.
		var later Node
		from := len(list)
		for _, m := range slices.Backward(mine) {
			at, hidden := later.growUnder(m.Point)
			if at.Mount = m; !hidden {
				list = append(list, m)
			}
		}
		slices.Reverse(list[from:])
	}
	return list
}

// growUnder is grow that reports whether a node above the one of the path has a mount.
func (n *Node) growUnder(path string) (at *Node, under bool) {
	for elem := range strings.SplitSeq(path, "/") {
		if elem != "" {
			under = under || n.Mount != nil
			n = n.grow(elem)
		}
	}
	return n, under
}
