a0117
u a AM-Miners,1st Ld-Writethru 11-02 0120
^AM-Miners, 1st Ld-Writethru,0120<
^Miners and Owners Agree in Tarn Valley<
^By OLAF BRANDT=
^Associated Writer=
	TARN VALLEY, Nordhaven (NW) _ Miners and owners agreed Saturday on
wages for two years, and the govern-
ment said the pits would open on Monday.
	The union's leader, Petra Quill, called it ``enough to live on.''
NW-02-11-02-91 2311GMT
