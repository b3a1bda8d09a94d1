NW2042
r s BC-SOC--Result 03-04 0040
^BC-SOC--Result,40<
^Tarnwick 2, Skerry 1<
	TARNWICK (NW) _ Runa Dahl scored twice.
NW-03-04-25 2101GMT

NW2043
b s BC-SOC--Result,Kill 03-04 0030
^BC-SOC--Result, Kill,30<
^KILL<
^Eds: The match was abandoned. A kill is mandatory.<
NW-03-04-25 2112GMT

NW2044
r s BC-SOC--Nothing 03-04 0000

