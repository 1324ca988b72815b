package files

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"

	"github.com/hardening-sdk/hardening/inventory"
)

// Tags of entries of an access control list, linux/posix_acl.h.
const (
	aclUser     = 0x02
	aclGroupObj = 0x04
	aclGroup    = 0x08
	aclMask     = 0x10
)

// Writer is a user or a group that an access control list lets write to a file.
type Writer struct {
	Group bool
	ID    uint32
}

// Writers returns the users and groups that the access control list of a file lets write to it,
// acl(5): named users and groups, and the group of the file with its own ID left 0 and Own true.
// Listed is false where the file has no list. Links are not followed.
func Writers(ctx context.Context, s *inventory.System, name string) (all []Writer, own, listed bool, err error) {
	b, err := s.Xattr(ctx, name, "system.posix_acl_access")
	if errors.Is(err, fs.ErrNotExist) {
		return nil, false, false, nil
	}
	if err != nil {
		return nil, false, false, err
	}
	all, own, err = parseACL(b)
	if err != nil {
		return nil, false, true, fmt.Errorf("%s: %w", name, err)
	}
	return all, own, true, nil
}

var errACL = fmt.Errorf("an access control list in an unknown form: %w", inventory.ErrUnavailable)

// parseACL reads the attribute: a version, then entries of a tag, permissions and an ID. The mask
// bounds what all but the owner and others have.
func parseACL(b []byte) (all []Writer, own bool, err error) {
	const head, size, write = 4, 8, 2
	if len(b) < head || (len(b)-head)%size != 0 || binary.LittleEndian.Uint32(b) != 2 {
		return nil, false, errACL
	}
	mask := uint16(7)
	for e := b[head:]; len(e) > 0; e = e[size:] {
		if binary.LittleEndian.Uint16(e) == aclMask {
			mask = binary.LittleEndian.Uint16(e[2:])
		}
	}
	for e := b[head:]; len(e) > 0; e = e[size:] {
		if binary.LittleEndian.Uint16(e[2:])&mask&write == 0 {
			continue
		}
		id := binary.LittleEndian.Uint32(e[4:])
		switch binary.LittleEndian.Uint16(e) {
		case aclUser:
			all = append(all, Writer{ID: id})
		case aclGroup:
			all = append(all, Writer{Group: true, ID: id})
		case aclGroupObj:
			own = true
		}
	}
	return all, own, nil
}
