// Package filetree is the contract of file trees, the trees that the library brings, and the
// walk through one. It is all that the author of a tree of another kind has to read, such as
// an archive or the file system of an image.
//
// A tree is an [FS]: three methods and the files and folders that Open returns, names that are
// bytes, links that stay inside. [Host] and [Dir] return those of this machine, [ResolveLinks]
// adds the resolving of links to any other, and inventorytest.TestFS holds a tree to the
// contract. Nothing here is tracked: package inventory puts bounds, trails and time limits
// around a tree.
package filetree
