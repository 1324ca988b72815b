// Package inventory tells what a system is and has: a running host, the host seen from a
// container, or a tree of files that was never booted. It only reads.
//
// A [Config] says what a system is made of: a file tree, on Windows a registry, on a live
// host a prober for what neither shows. [Host] and [Dir] return one, which a caller may
// change, wrap or fake in any part; [New] opens it. Who brings a file tree of another kind
// finds its contract in package filetree.
//
// # Facts
//
// What can be known is a [Fact], such as the accounts. It is collected once per system,
// whoever asks, in a scope and a time limit of its own. The packages below this one hold
// them: a family, such as services, has what is the same for all its formats, where there
// is such a thing, and each format below it one fact or two. [Tree], the one walk of the whole tree, is here.
//
// A fact is a value or an error, never half the data. An error that wraps [ErrAbsent] says
// that its subject is not on the system; [ErrNotLive] that only the running system knows;
// [ErrUnavailable] that this run has no way to ask. A missing file is none of these errors.
// A collector that concludes something from it asks [IsAbsent] for exactly that name.
//
// A fact of one's own is a type, a parser and a collector:
//
//	type Motd struct{ Lines []string }
//
//	func Parse(b []byte) (Motd, error) { return Motd{strings.Split(string(b), "\n")}, nil }
//
//	var Fact = inventory.NewFact("motd", collect)
//
//	func collect(ctx context.Context, s *inventory.System) (Motd, error) {
//		m, err := inventory.ParseFile(ctx, s, "etc/motd", Parse)
//		if inventory.IsAbsent(err, "etc/motd") {
//			return Motd{}, fmt.Errorf("etc/motd: %w", inventory.ErrAbsent)
//		}
//		return m, err
//	}
//
// All other errors of reads and of the parser go back as they are. The value keeps neither
// the System nor anything that reads later.
//
// # Reading
//
// Names are slash-separated and relative to the root: "etc/passwd", "C:/Windows/win.ini".
// Links resolve inside the tree. Only regular files and folders are opened, within
// [Limits], and beyond a limit there is an error, never a prefix. On an image, names below
// proc and sys are [ErrNotLive], stale files or not.
//
// Every read passes [Config].Exclude and [Config].Intercept, and is kept in the trail of
// the handle it was made through. Package check holds verdicts to it: what could not be
// read never passes. Whoever is handed a System, a check or a collector, may read through
// it, but neither give it facts nor close it.
package inventory
