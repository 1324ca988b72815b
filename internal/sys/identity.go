package sys

import "time"

// Identity is what an operating system says of a file besides what fs.FileInfo has.
type Identity struct {
	UID, GID   uint32
	Inode, Dev uint64
	Links      uint64
	ChangeTime time.Time
}
