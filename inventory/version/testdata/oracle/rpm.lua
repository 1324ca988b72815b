-- rpm --eval "%{lua:dofile('rpm.lua')}": two versions a line in hexadecimal, an operator each.
local function text(hex)
  return (hex:gsub("..", function(c) return string.char(tonumber(c, 16)) end))
end
for line in io.lines() do
  local a, b = line:match("^(%x+) (%x+)$")
  local ok, c = pcall(rpm.vercmp, text(a), text(b))
  print(not ok and "!" or c < 0 and "<" or c > 0 and ">" or "=")
end
