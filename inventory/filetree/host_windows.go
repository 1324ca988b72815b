package filetree

// Host returns the tree of the machine that this process runs on, live: its drives are the
// folders of the root, "C:/Windows/win.ini". [Open] resolves links around it.
func Host() (FS, error) { return newWinFS(), nil }
