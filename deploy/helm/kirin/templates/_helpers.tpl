{{- define "kirin.name" -}}
{{- .Release.Name | trunc 40 | trimSuffix "-" -}}
{{- end -}}

{{- define "kirin.image" -}}
{{ .Values.image.repository }}:{{ .Values.image.tag | default .Chart.AppVersion }}
{{- end -}}

{{- define "kirin.labels" -}}
app.kubernetes.io/name: kirin
app.kubernetes.io/instance: {{ .Release.Name }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ .Chart.Name }}-{{ .Chart.Version }}
{{- end -}}

{{- define "kirin.selector" -}}
app.kubernetes.io/name: kirin
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "kirin.podSecurity" -}}
runAsNonRoot: true
runAsUser: 10001
runAsGroup: 10001
fsGroup: 10001
seccompProfile: {type: RuntimeDefault}
{{- end -}}

{{- define "kirin.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities: {drop: [ALL]}
{{- end -}}

{{- define "kirin.environment" -}}
- configMapRef: {name: {{ include "kirin.name" . }}}
- secretRef: {name: {{ .Values.existingSecret }}}
{{- end -}}

{{- define "kirin.unfinished" -}}
max(sum by (instance) (kirin_tasks{engine={{ .engine | quote }}}))
{{- end -}}
