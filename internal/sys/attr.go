package sys

// Attr is what the walk of a tree asks of each file.
type Attr struct {
	Mode     uint32 // st_mode
	UID, GID uint32
	Links    uint64
	Size     uint64
	Dev, Ino uint64 // only of StatFD
}
