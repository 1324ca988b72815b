// Package inventorytest makes systems of text for tests, and faults in any of their reads.
//
//	sys := inventorytest.System(t, "os: linux\n-- etc/motd --\nkeep out\n")
//
// [Inject] makes reads of a system fail, and [TestFS] holds a file tree to its contract.
//
// A fixture is a txtar archive (golang.org/x/tools/txtar). Its files are the files of
// the system; what follows a name in its header line states more about it:
//
//	now: 2026-01-02T00:00:00Z
//	os: linux
//	-- etc/shadow mode=0640 owner=0:42 --
//	root:*:19000:0:99999:7:::
//	-- etc/mtab link=/proc/self/mounts --
//	-- run/initctl fifo --
//	-- srv/data dir mode=0777 --
//
// The attributes are mode=OCTAL (with the bits 4000, 2000 and 1000), owner=UID:GID,
// mtime=RFC3339, link=TARGET, dir, fifo, socket, device, size=BYTES (a file longer
// than its text, as a sparse one), xattr.NAME=HEX, and error=EACCES, EIO or ENOENT for
// a file that cannot be read. A name with spaces or odd bytes is quoted as in Go. Files
// belong to 0:0 with mode 0644, folders 0755, and the folders on the way exist.
//
// The lines before the first file state the system: now, os, and live: true. Where
// os is not stated it is found as on a real system.
//
// Files below @registry and @probe are not files: "@registry" holds the Windows
// registry in the text format of reg export, and "@probe/NAME" the document that the
// prober returns for NAME.
package inventorytest
